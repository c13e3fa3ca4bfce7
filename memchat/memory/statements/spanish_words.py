"""Spanish words that decide whether a phrase is a name, a place, a trade or an idiom; only data and its predicates."""

import re

# One letter for one letter, so that offsets stay. `ó` stays: it tells "trabajó" (he did) from "trabajo" (I do).
_PLAIN = str.maketrans("áéíúüñàèìùâêîôû", "aeiuunaeiuaeiou")


def plain(low: str) -> str:
    """Small letters without accents, but for `ó`; of the same length."""
    return low.translate(_PLAIN)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Trades: a letter a or o at the end stands for both.
_TRADES = _set(
    "abogado actor actriz administrador administrativo agricultor albañil alcalde analista arqueologo arquitecto "
    "artesano asesor asistente astronomo auditor autonomo auxiliar azafato bailarin bailarina bibliotecario biologo "
    "bombero "
    "cajero camarero camionero cantante carnicero carpintero cartero catedratico celador chef chofer cirujano "
    "cocinero comadrona comercial compositor conductor conserje constructor consultor contador contable coreografo "
    "costurero criminologo dentista dependiente desarrollador detective dibujante directivo director diseñador doctor "
    "ebanista economista editor educador electricista empleado empresario enfermero encargado entrenador escritor "
    "escultor "
    "estadistico esteticista estudiante farmaceutico filologo filosofo fisico fisioterapeuta fisio florista fontanero "
    "fotografo funcionario ganadero gerente geografo geologo gestor granjero guarda guardia guia guionista herrero "
    "historiador ilustrador informatico ingeniero inspector instructor interprete investigador jardinero jefe joyero "
    "jubilado juez jueza librero linguista logopeda maestro maquillador maquinista marinero masajista matematico "
    "matrona mecanico medico mesero microbiologo militar minero modista monitor musico niñero notario nutricionista "
    "obrero oculista odontologo oncologo operador operario optico orientador paisajista panadero pastelero pastor "
    "patologo peluquero pediatra periodista pescador piloto pintor plomero podologo policia politologo portero "
    "procurador productor profe profesor programador psicologo psiquiatra publicista quimico radiologo recepcionista "
    "redactor "
    "repartidor reponedor restaurador sastre secretario sociologo soldado soldador supervisor tapicero taxista tecnico "
    "tecnologo terapeuta topografo torero trabajador traductor tendero urbanista vendedor veterinario vigilante "
    "viticultor zapatero pensionado oficinista barista sommelier becario cientifico costurera odontologa"
)
_TRADES = frozenset(plain(word) for word in _TRADES)
# What is said of oneself in jest, or for a moment.
_IDIOM = _set(
    "mi mis tu su propio propia frustrado frustrada vida sueños suenos drama desastre profesional sofa cama "
    "procrastinacion procrastinación mierda pacotilla este esta ese esa aqui medio casi clavo siempre caos "
    "broma automatico mal todos"
)
_NO_NAMES = _set(
    "el la los las un una de que como cuando donde quien yo tu ella muy todo toda algo nada nadie mas menos asi si no "
    "hola adios gracias batman superman dios buenas buenos bueno alguien igual capaz feliz libre mayor menor fan team "
    "leo aries tauro geminis cancer virgo libra escorpio sagitario capricornio acuario piscis groot gandalf goku "
    "mucho mucha poco loco loca tonto tonta cualquiera inocente culpable humano humana dificil facil mi marca "
    "largo corto secreto raro comun unico tiempos"
)
_NO_BARE_NAMES = _set(
    "de del real madrid barca betis boca river america catolica catolico evangelica evangelico atea ateo judia judio "
    "milk sauce latte beans capital windows linux android apple mac"
)
_PARTICLES = _set("de del la los las y da do van von san santa")
_DEMONYMS = r"\w+(?:es|esa|ano|ana|ense|eno|ena|eco|eca|ol|ola|ino|ina|ista|iano|iana|ileno|aco|aca)"
_NO_PLACES = _set(
    "las los la el un una unos unas mi mis tu su casa paz guerra pecado pareja constante permanente continuo alerta "
    "tension crisis bucle modo negacion soledad silencio familia comunidad compañia compania movimiento contacto "
    "piloto calma armonia babia narnia hogwarts mordor gotham marte venus jupiter saturno netflix twitter instagram "
    "tiktok internet youtube slack zoom excel bancarrota pijama pijamas ello eso esto otro otra este esta ese esa "
    "plena pleno medio general realidad teoria reunion reuniones obras shock duda deuda deudas marcha "
    "proceso plan linea remojo peligro apuros vilo ascuas ambos aqui alli el planeta menudo veces mejor que lo donde "
    "condiciones miedo ansiedad directo huelga forma espera casita busca tiempos tiempo epoca bata chandal "
    "firefox chrome safari trance tratamiento prueba pruebas cuarentena"
)
_NO_PLACE_ENDS = ("ar", "er", "ir", "cion", "ción", "dad", "mente", "ncia", "ismo", "ando", "iendo")
_TIMES = _set(
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre lunes martes "
    "miercoles jueves viernes sabado domingo navidad verano invierno otoño otono primavera python java javascript rust "
    "go excel word linux windows react sql photoshop figma jira notion android ios mac ubuntu docker "
    "gmail steam spotify illustrator blender unity"
)
_FIRMS = re.compile(
    r"(?:(?:una?|el|la|las|los) )?(?:(?:pequena|pequeno|gran|nueva|nuevo) )?(?:academia|aerolinea|agencia|asesoria|"
    r"aseguradora|ayuntamiento|banco|bar|biblioteca|bodega|bufete|cafeteria|centro|clinica|colegio|compania|"
    r"constructora|consultora|consultoria|cooperativa|despacho|editorial|empresa|escuela|estudio|fabrica|farmacia|"
    r"finca|floristeria|fundacion|gestoria|guarderia|hospital|hotel|imprenta|inmobiliaria|instituto|laboratorio|"
    r"libreria|ministerio|museo|notaria|ong|panaderia|peluqueria|restaurante|startup|supermercado|taller|teatro|"
    r"tienda|universidad|puerto|aeropuerto|astillero)\b"
)
_SECTORS = _set("marketing ventas finanzas logistica hosteleria banca publicidad construccion sanidad turismo")
_SITES = _set(
    "netflix youtube twitter facebook instagram tiktok amazon google whatsapp linkedin wikipedia una un la el"
)
_POINTING = _set(
    "eso esto esta este ese esa estos estas esos esas aquello lo idea respuesta respuestas opcion opciones version "
    "versiones primera primer primero segunda segundo tercera tercero ultima ultimo nueva nuevo tu tus su sus mi mis "
    "que cuando como nada mucho mas todo cosa cosas asi resultado texto ejemplo ejemplos propuesta plan titulo final "
    "frase forma manera sugerencia codigo tono vida muerte bug error lunes anterior hoy ahora otra otro ti"
)
_IDLE = _set(
    "compromisos impuestos lunes trabajo deporte madrugar gente tonterias compromiso reuniones excel drama "
    "dramas gimnasio amor ti esto eso "
    "estupidez responsabilidad vida humanos personas matematicas ejercicio estupidos idiotas mañanas mananas"
)
_NO_FOOD = _set(
    "mas nada antes ahora asi tanto tan en con sin bien mucho hoy eso esto todo tu ese esta este fuera solo sola "
    "por para como cuando desde hasta ni y o mejor peor tarde tranquilo tranquila algo si lo"
)
_NO_DOSE = _set(
    "sol nota notas decisiones cuenta parte aire distancia palabra tiempo riesgos fotos pelo medidas riesgo "
    "victoria fondo asi"
)
_TIERS = _set("pro plus team max free gratuito gratis premium basico básico business enterprise starter personal lite")
_TODAY = _set("hoy ahora esto eso este esta ese esa estos estas aqui luego mañana manana")


def words_of(value: str) -> list[str]:
    """The words of a value, plain."""
    return re.findall(r"[^\W_]+", plain(value.lower()).replace("ó", "o"))


def _capital(value: str) -> bool:
    """Whether each word but the particles begins with a capital letter."""
    spelled = re.findall(r"[^\W\d_]+", value)
    return (
        bool(spelled) and all(word[0].isupper() or word in _PARTICLES for word in spelled) and spelled[0][0].isupper()
    )


def is_name(value: str) -> bool:
    """One to four words that can be a name, as told after `me llamo`."""
    low = words_of(value)
    if not 1 <= len(low) <= 4 or any(word in _NO_NAMES or word.isdigit() for word in low if word not in _PARTICLES):
        return False
    return _capital(value) or (value.islower() and len(low) <= 2 and low[0] not in _PARTICLES)


def is_bare_name(value: str) -> bool:
    """A name told with nothing but `soy` or `dime`: capitals, and no people, trade or sign."""
    low = words_of(value)
    if not is_name(value) or not _capital(value) or len(low) > 3 or value.isupper() or set(low) & _NO_BARE_NAMES:
        return False
    return not is_trade(value) and not re.fullmatch(_DEMONYMS, low[0] if low[0] not in _CALLED else "")


# Names that end as peoples do.
_CALLED = _set(
    "ana diana susana mariana juliana adriana luciana tatiana joana mariano juliano adriano emiliano luciano elena "
    "lorena ximena jimena magdalena carolina cristina marina martina valentina paulina catalina josefina regina "
    "agustina agustin martin sabina nina ines andres moises mercedes lourdes dolores angeles mari lola paola carola "
    "cayetano cayetana fabiano feliciano laureano graciano liliana viviana oriana silvana roxana rosana macarena "
    "filomena moreno rebeca paco paca faustino celestino marcelino saturnino avelino delfina karina georgina rufino "
    "florina fina albina delfino angelina evangelina leticia german reyes manolo"
)


def is_place(value: str) -> bool:
    """A proper name, or one or two small words that are no idiom, all of them small."""
    low = words_of(value)
    if not low or len(low) > 6 or low[0] in _TIMES or (low[0] in _NO_PLACES and not _capital(value)):
        return False
    if any(word in _NO_PLACES and word not in _PARTICLES | {"el", "paz", "mejor"} for word in low):
        return False
    if any(letter.isupper() for letter in value):
        return _capital(value.split(",", maxsplit=1)[0])
    return len(low) <= 2 and not any(word in _TIMES or word.endswith(_NO_PLACE_ENDS) for word in low)


def is_named_place(value: str) -> bool:
    """A place after `soy de` or `nací en`: the same."""
    return is_place(value) and not set(words_of(value)) & {
        "letras",
        "ciencias",
        "fiar",
        "pueblo",
        "izquierdas",
        "derechas",
        "barrio",
        *_NO_NAMES,
    }


def is_stay(value: str) -> bool:
    """A place and how long one is there: `Valencia hasta el martes`."""
    return is_place(value.split(" hasta ", maxsplit=1)[0])


def is_trade(value: str) -> bool:
    """A known trade, perhaps with what it is about: `profesora de música`."""
    low = words_of(value)
    if not 1 <= len(low) <= 5 or set(low) & _IDIOM or any(word.endswith(("ando", "iendo")) for word in low):
        return False
    return bool({low[0], low[0][:-1] + "o", low[0][:-1] + "e", low[0].removesuffix("a")} & _TRADES)


def is_employer(value: str) -> bool:
    """A firm by its name, a known kind of workplace, or a field of business."""
    low = words_of(value)
    if (
        not low
        or len(low) > 7
        or low[0] in _TIMES
        or low[0].isdigit()
        or set(low) & {"mi", "mis", "tu", "este", "esta", "casa"}
    ):
        return False
    return (
        _capital(value.split(" de ", maxsplit=1)[0]) or bool(_FIRMS.match(plain(value.lower()))) or low[0] in _SECTORS
    )


def is_entered(value: str) -> bool:
    """An employer, where a place on the web might be meant as well."""
    return is_employer(value) and words_of(value)[0] not in _SITES


def is_bearable(value: str) -> bool:
    """What one can be allergic to, other than Mondays."""
    return 0 < len(words_of(value)) <= 8 and not set(words_of(value)) & _IDLE


def is_food(value: str) -> bool:
    """What is eaten, not how or when."""
    low = words_of(value)
    return (
        0 < len(low) <= 6
        and low[0] not in _NO_FOOD
        and not set(low) & (_TODAY | _NO_DOSE)
        and not low[0].endswith("ndo")
    )


def is_dose(value: str) -> bool:
    """What is taken: no decision, no note, no sun."""
    low = words_of(value)
    return len(low) > 1 and not set(low) & (_NO_DOSE | _TODAY)


def is_liked(value: str) -> bool:
    """A thing that stands for itself, not one on the table."""
    low = words_of(value)
    return 0 < len(low) <= 8 and not set(low) & _POINTING


def is_tool(value: str) -> bool:
    """A tool by its name, or glasses and the like."""
    low = words_of(value)
    if not is_liked(value):
        return False
    return any(letter.isupper() for letter in value.split(maxsplit=1)[0]) or low[0] in {
        "gafas",
        "lentes",
        "lentillas",
        "linux",
    }


def is_tier(value: str) -> bool:
    """A subscription by its name."""
    return (value[:1].isupper() and len(value) > 1) or value.lower() in _TIERS


def is_known_tier(value: str) -> bool:
    """The same, where nothing says that it is a plan."""
    return value.lower() in _TIERS


def is_aim(value: str) -> bool:
    """An aim beyond the day and the task at hand."""
    low = words_of(value)
    return 1 <= len(low) <= 15 and low[0] != "que" and not set(low) & _TODAY


def is_lasting_wish(value: str) -> bool:
    """A wish for all answers."""
    return 0 < len(words_of(value)) <= 8 and not set(words_of(value)) & (_TODAY - {"ahora"})


def is_age(value: str) -> bool:
    """Years that somebody can have lived."""
    number = re.match(r"\d+", value)
    return number is None or 5 <= int(number[0]) <= 110
