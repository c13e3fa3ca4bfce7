"""Spanish rules of learning as tables: patterns for a clause in small letters without accents (`ó` stays)."""

from collections.abc import Mapping

_DAY = "(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)"
_OFTEN = (
    rf"(?:(?:los|todos los|cada) {_DAY}|{_DAY} y {_DAY}|todos los dias|todas las (?:mananas|tardes|noches|semanas)|"
    r"cada (?:dia|manana|tarde|noche|semana|mes|\w+ horas)|a diario|diariamente|"
    r"(?:una|dos|tres|cuatro|cinco|\d) (?:vez|veces) (?:al|a la|por) (?:dia|semana|mes)|los fines de semana|"
    r"por las (?:mananas|tardes|noches)|desde hace (?:\w+ ){0,3}?(?:anos?|meses|semanas|tiempo|decadas)|"
    r"desde los \w+|hace (?:\w+ )?anos)"
)
_NUMBER = r"(?:\d{1,3}|(?:dieci|veinti)\w+|quince|veinte|(?:treinta|cuarenta|cincuenta|sesenta|setenta)(?: y \w+)?)"
PARTS: Mapping[str, str] = {
    "V": r"(?P<v>.+)",
    "L": r"(?:[ ,]*(?:a partir de ahora|de ahora en adelante|desde ahora|siempre|por favor|porfa)[ ,]*)*",
    # How one begins.
    "A": r"(?:(?:yo|ya|ahora|actualmente|tambien|pues|nosotros|nosotras|ademas|por fin|finalmente|siempre|"
    r"oficialmente|recientemente|hoy en dia|en el trabajo|la semana pasada|ayer|hoy|el mes pasado|ultimamente) )*",
    "DAYS": _DAY,
    "OFTEN": _OFTEN,
    "NUMBER": _NUMBER,
    "MONTH": "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)",
    "LANGS": r"(?:espanol|castellano|ingles|frances|aleman|italiano|portugues|catalan|gallego|euskera|vasco|"
    r"valenciano|chino|mandarin|japones|coreano|arabe|ruso|nahuatl|quechua|guarani|maya|zapoteco|polaco|rumano|"
    r"neerlandes|holandes|griego|turco|sueco|hebreo|hindi|ucraniano|lengua de signos|lengua de senas)",
    "INSTRUMENT": r"(?:guitarra|piano|violin|violonchelo|chelo|cello|flauta|bateria|bajo|saxof[oó]n|saxo|trompeta|"
    r"clarinete|acorde[oó]n|arpa|ukelele|teclado|cuatro|caj[oó]n|viola|oboe|charango|marimba|gaita|contrabajo|organo|"
    r"tromb[oó]n|bandone[oó]n|jarana)",
    "SPORT": r"(?:nado|corro|entreno|bailo|camino|medito|escalo|canto|patino|surfeo|remo|pinto|coso|cocino|leo|"
    r"practico|monto en bici|salgo a correr|voy al gimnasio|voy a nadar|juego(?: al?| a la)? \w+)",
    "GAME": r"(?:futbol|tenis|padel|baloncesto|basquet|basquetbol|voleibol|voley|ajedrez|golf|beisbol|rugby|hockey|"
    r"balonmano|futbol sala|petanca|domin[oó]|go|squash|badminton|ping[ -]pong|billar)",
    "PET": r"(?:perr[oa]s?|perrit[oa]s?|gat[oa]s?|gatit[oa]s?|conej[oa]s?|hamster|loros?|canarios?|tortugas?|caballos?|"
    r"gallinas|cobayas?|peces|periquitos?)",
    "CHILD": r"(?:hij[oa]s?|niet[oa]s?|herman[oa]s?|gemel[oa]s|mellizos|sobrin[oa]s?)",
    "KIN": r"(?:hij[oa]|herman[oa]|mama|papa|madre|padre|novi[oa]|marido|mujer|espos[oa]|pareja|abuel[oa]|ti[oa]|"
    r"prim[oa]|sobrin[oa]|niet[oa])",
    "ONE": r"(?:una?|dos|tres|cuatro|cinco|seis|\d)",
    "FREE": r"(?:vegetarian[oa]s?|vegan[oa]s?|celiac[oa]s?|diabetic[oa]|asmatic[oa]|zurd[oa]|dalt[oó]nic[oa]|"
    r"hipertens[oa]|pescetarian[oa]|sord[oa]|ciego|ciega|disl[eé]xic[oa]|musulman|musulmana|judi[oa])",
    "END": r"(?=$|[,.!:(]| (?:y|e|pero|desde|aunque|porque|asi que|con|de nacimiento|hace|en|por)\b)",
}

CHANGES = r"""
location is_place place
    <A>(?:me|nos) (?:mude|mudamos|traslade|trasladamos|instale|instalamos|he mudado|hemos mudado|
    acabo de mudar|acabamos de mudar)(?: ya)?(?: de .{2,30}?)? (?:a|en) <V>
location is_place place
    <A>(?:me vine|me fui|nos vinimos|nos fuimos) a vivir a <V>
location is_place place
    <A>(?:acabo de mudarme|acabamos de mudarnos) a <V>
work_context is_employer firm: {k} {v}
    <A>(?:(?:empece|he empezado|acabo de empezar)(?: a trabajar)?|(?:entre|acabo de entrar) a trabajar) (?P<k>en) <V>
work_context is_entered firm: en {v}
    <A>(?:entre|acabo de entrar) a <V>
occupation is_trade trade
    <A>(?:me ascendieron|me han ascendido) a <V>
occupation is_trade trade
    <A>(?:me contrataron|me han contratado) (?:como|de) <V>
plan is_tier -
    <A>(?:me|nos) (?:pase|cambie|pasamos|cambiamos|suscribi|he pasado|he cambiado) al (?:plan )(?P<v>[\w+-]+)
plan is_known_tier -
    <A>(?:me|nos) (?:pase|cambie|pasamos|cambiamos|suscribi) al? (?P<v>[\w+-]+)
note - -: {v}
    <A>(?P<v>deje de ser <FREE>)<END>
note is_food one: {k} {v}
    <A>(?P<k>deje de (?:comer|beber|tomar|fumar)) <V>
note - -
    <A>(?P<v>deje de (?:fumar|beber))<END>
note - one
    <A>(?P<v>deje (?:la clase|las clases|el curso|el cafe|el alcohol|el tabaco|el azucar)\b.*)
"""

PROFILE = r"""
display_name is_name name
    <A>(?:me llamo|mi nombre es|me puedes llamar|puedes llamarme|llamame) <V>
display_name is_bare_name name
    (?:dime|(?:todos |todo (?:el )?mundo )?me dicen|me conocen como) <V>
note is_place place: ya no vivo en {v}
    (?:yo )?ya no vivo en <V>
location is_place place
    <A>(?:vivo|vivimos)(?: y trabajo| y trabajamos)?(?: sol[oa]| juntos| con .{2,30}?)? en <V>
location is_place place
    <A>(?:resido|residimos|radico) en <V>
location is_place place
    <A>(?:estoy|estamos) (?:(?:ya|bien) )?(?:instalad[oa]s?|viviendo|radicad[oa]s?) en <V>
note is_stay all: en {v}
    <A>(?:estoy|estamos) en (?P<v>[^,]+? hasta (?:el|la|finales|principios|fin) [\w ]{2,30}?)(?=$|,)
note - -
    <A>soy (?P<v><FREE>)<END>
note is_bearable body: {k} {v}
    <A>(?:soy|tengo|me da) (?P<k>alergic[oa] al?|alergia al?|intolerante al?|intolerancia al?) <V>
occupation is_trade trade
    <A>soy (?:una? )?<V>
note is_named_place place: de {v}
    <A>soy (?:originari[oa] )?de <V>
display_name is_bare_name name
    soy <V>
occupation is_trade trade
    <A>(?:trabajo|trabajando|estoy trabajando) (?:como|de) (?:una? )?<V>
work_context is_employer firm: {k} {v}
    <A>(?:trabajo|trabajamos|estoy trabajando) (?P<k>en|para) <V>
note - one
    <A>(?P<v>trabajo (?:desde casa|en remoto|a distancia|por mi cuenta|de noche|por turnos|a tiempo parcial|
    media jornada))<END>
occupation is_trade trade
    mi (?:nuevo )?(?:puesto|cargo|trabajo|profesi[oó]n|oficio)(?: nuevo)?(?: ahora)? es (?:de |el de )?<V>
occupation - -
    <A>estoy (?P<v>jubilad[oa]|prejubilad[oa])<END>
note - -: {k} {v}
    mi (?P<k>(?:lengua materna|primera lengua|idioma materno|primer idioma) es (?:el )?)(?P<v><LANGS>)<END>
preferred_language - -
    mi idioma (?:preferido|favorito) es (?:el )?(?P<v><LANGS>)<END>
plan is_tier -
    <A>(?:estoy (?:en|con)|estamos (?:en|con)|tengo|tenemos|uso|pago) el plan (?P<v>[\w+-]+)
plan is_known_tier -
    mi (?:plan|suscripci[oó]n) es (?:el |la )?(?P<v>[\w+-]+)$
goals is_aim aim
    mi (?:gran |principal |nueva? )?(?:meta|objetivo|prop[oó]sito|sueno)(?: (?:para|de|este)
    [ ](?:este |el |el pr[oó]ximo )?(?:ano|mes|20\d\d|ano que viene))? es <V>
goals is_aim aim
    <A>quiero (?:lograr|conseguir) <V>
goals is_aim aim
    <A>quiero (?P<v>(?:aprender|correr (?:una?|mi) (?:media|marat|carrera|ultra|triatl)\w*|
    escribir (?:una?|mi) (?:libro|novela|tesis)|sacarme|terminar mi|dejar de fumar|
    bajar de peso|comprar(?:me)? una? (?:casa|piso)|(?:montar|abrir) (?:una?|mi) (?:propi[oa] )?(?:negocio|
    empresa|tienda|bar|restaurante|estudio)|jubilarme)\b.*)
goals is_aim aim: {k} {v}
    <A>(?:estoy|estamos) (?P<k>ahorrando para|preparando(?= \w+ (?:oposici|examen|marat|media|tesis|boda))|
    entrenando para|estudiando para) <V>
"""

LIFE = r"""
note is_food one: {k} {v}
    (?:yo )?(?P<k>(?:ya )?no (?:puedo comer|como|bebo|tomo)|no puedo (?:beber|tomar)) <V>
note - -
    (?:yo )?(?P<v>ya no (?:fumo|bebo))<END>
note is_food one: {k} {v}
    (?:yo )?(?P<k>ya como|vuelvo a comer|ya puedo comer) <V>
note - -
    (?P<v>ya no soy <FREE>)<END>
note is_dose all
    <A>(?P<v>tomo [^,]+? <OFTEN>)(?=$|[,.]| (?:y|porque|para|por)\b)
note - one
    <A>(?P<v>toco (?:el |la |los )?<INSTRUMENT>)\b
note - body
    <A>(?P<v>juego (?:al|a la|a) <GAME>\b(?: <OFTEN>)?)
note is_dose body
    <A>(?P<v><SPORT>(?: [\w ]{2,30}?)? <OFTEN>(?: (?:antes|despues) del? \w+)?)(?=$|[,.]| (?:y|en|con|por|para|a)\b)
note - one
    (?P<v>(?:(?:todos )?los|cada) <DAYS>(?: (?:en|por) la (?:manana|tarde|noche))? (?:bailo|nado|corro|
    juego al?|canto|entreno|le (?:marco|llamo) a|llamo a|ceno con|como con|tengo clase de|doy clases? de|voy al?) .+)
note - one
    <A>(?P<v>tejo (?:en|a) .+|bailo (?:salsa|tango|flamenco|bachata|ballet|swing)|canto en un coro\b.*)
note - one
    <A>(?P<v>(?:me mareo en|me da miedo|me dan miedo) (?:los|las|el|la|volar)\b.*)
note - all
    <A>(?:tengo|tenemos) (?P<v><ONE> (?:<PET>|<CHILD>)(?: \w+)??(?: (?:llamad[oa]s?|que se llaman?) \w+(?: y \w+)?|
    [ ]de (?:<NUMBER>|\w+) (?:anos|meses))?(?: y <ONE> (?:<PET>|<CHILD>))?)(?=$|[,.]| (?:y|pero|desde)\b)
note - -
    (?P<v>no (?:tengo|tenemos) hijos)<END>
note is_age -
    <A>tengo (?P<v><NUMBER> anos)(?: cumplidos| ya)?(?=$|[,.!]| (?:y|pero|aunque)\b)
note is_name name: {k} {v}
    mi (?P<k>(?:<KIN>|<PET>|jef[ea]|suegr[oa]|amig[oa]) se llama) <V>
note is_place place: {k} {v}
    mi (?P<k><KIN>(?: \w+)? (?:vive|vive ahora|ya vive) en) <V>
note is_trade trade: {k} {v}
    mi (?P<k><KIN>(?: \w+)? es) <V>
note - -
    mi (?P<v><KIN>(?: \w+)? es (?:<FREE>|alergic[oa] al? .+|(?:mexican|chilen|argentin|peruan|colombian|cuban|
    venezolan|uruguay|italian|brasilen|bolivian|ecuatorian|hondure[nñ]|american|taiwanes|chin|rus)[oa]|
    (?:espanol|aleman|frances|ingles|portugues|japones|irlandes|holandes)a?|estadounidense|canadiense))<END>
note - -: {k} {v}
    (?:yo )?(?P<k>(?:en casa )?(?:hablo|hablamos))(?P<v> (?:un poco de |algo de )?<LANGS>(?:(?:,| y) (?:un poco de |
    algo de )?<LANGS>)*(?: en casa)?)(?=$|[,.]| (?:y|pero|porque|con)\b)
note - one
    <A>(?:(?:estoy|estamos) )(?P<v>aprendiendo (?:<LANGS>|a (?:tocar|nadar|conducir|manejar|programar|cocinar|bailar|
    coser|tejer|pintar|dibujar)\b.*|guitarra|piano|python|rust|solfeo))\b
note - one
    <A>(?P<v>(?:aprendo|estudio) <LANGS>)\b
note - -: cumpleaños {v}
    (?:mi cumpleanos (?:es|cae)|mis? cumpleanos [^:]{2,50}:|cumplo anos) (?P<v>el <NUMBER> de <MONTH>)\b
note - one: {v}
    <A>(?P<v>naci (?:el \d{1,2} de <MONTH>(?: de (?:19|20)\d\d)?|en (?:19|20)\d\d))<END>
note is_named_place place: {k} {v}
    <A>(?P<k>(?:naci|creci) en) <V>
note is_tool one: {k} {v}
    <A>(?P<k>uso|utilizo) <V>
note is_liked all
    <A>(?:traigo|tengo|uso) (?:la|el|una?) (?P<v>(?:laptop|portatil|computadora|ordenador|compu) con .+)
note is_liked liked: {k} {v}
    <A>(?P<k>prefiero) (?P<v>.+ (?:al?|antes que|en vez de|en lugar de) .+|(?:el|la|los|las) .+)
note is_liked liked: {k} {v}
    <A>(?P<k>odio|detesto|no soporto) (?P<v>(?:el|la|los|las|a los|a las|madrugar|cocinar|volar|conducir)\b.*)
note is_liked liked: {k} {v}
    <A>(?P<k>(?:me encantan?|me gustan? mucho|no me gustan?)) (?P<v>(?:el|la|los|las|\w+[aei]r)\b.*)
note - -
    <A>estoy (?P<v>casad[oa]|solter[oa]|divorciad[oa]|separad[oa]|viud[oa])(?=$|[,.!]| (?:y|desde|hace)\b)
note - -
    <A>soy (?P<v>solter[oa]|viud[oa]|(?:madre|padre|mama|papa) (?:solter[oa]|de <ONE> [\w ]{3,20}))<END>
"""

STYLE = r"""
preferred_language - -
    <L>(?:resp[oó]ndeme|responde|contestame|contesta|hablame|escribeme|hablemos)(?: siempre)? en (?P<v><LANGS>)<L>$
preferred_language - -
    <L>prefiero (?:hablar |que hablemos |las respuestas )?en (?P<v><LANGS>)<L>$
reply_style is_lasting_wish wish
    <L>(?P<v>(?:resp[oó]ndeme|responde|contestame|contesta)(?: siempre)? (?:corto|breve|brevemente|en corto|sin rodeos|
    con ejemplos|con listas|en una linea|en pocas palabras|sin emojis|directo)\b.*)
reply_style is_lasting_wish wish
    <L>(?P<v>(?:respuestas (?:cortas|breves|largas|directas)|sin (?:emojis?|emoticonos|rodeos|listas|relleno)|
    no (?:uses|pongas) (?:emojis?|emoticonos|listas)|tuteame|tratame de (?:tu|usted)|hablame de (?:tu|usted))\b.*)
"""

# What may follow a name or a trade in the same clause: "..., enfermera", "en el Hospital Clínico".
FOLLOWING = r"""
work_context is_employer firm: {k} {v}
    (?P<k>en|para) <V>
occupation is_trade trade
    <V>
"""
