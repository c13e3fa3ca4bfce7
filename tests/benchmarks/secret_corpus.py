"""Samples for `secrets.py`: made-up secrets in the forms of real ones, and texts that hold none.

A form is put together when it is asked for, so that no scanner takes this file for a leak. Samples are dealt in turn
to two halves: rules may be tuned by looking at `tune`; `held` is looked at only as numbers.
"""

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from tests.benchmarks.harmless_corpus import HARMLESS

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
URLSAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"


@dataclass(frozen=True)
class Sample:
    """A text, and the secrets in it that must not be left; `half` is "tune" or "held"."""

    group: str
    name: str
    text: str
    secrets: tuple[str, ...]
    half: str


# Forms by provider: literal parts and `{alphabet:length}` parts.
FORMS = {
    "openai": "sk-{a:48}",
    "openai-project": "sk-proj-{u:74}T3BlbkFJ{u:74}",
    "anthropic": "sk-ant-api03-{u:93}AA",
    "openrouter": "sk-or-v1-{h:64}",
    "deepseek": "sk-{h:32}",
    "google": "AIza{u:35}",
    "google-oauth": "GOCSPX-{u:28}",
    "aws-id": "AKIA{A:16}",
    "github-classic": "ghp_{a:36}",
    "github-fine": "github_pat_{a:22}_{a:59}",
    "github-oauth": "gho_{a:36}",
    "gitlab": "glpat-{u:20}",
    "gitlab-runner": "glrt-{u:20}",
    "gitlab-deploy": "gldt-{u:20}",
    "slack-bot": "xoxb-{d:12}-{d:13}-{a:24}",
    "slack-app": "xapp-1-A{U:10}-{d:13}-{h:64}",
    "stripe": "sk_live_{a:24}",
    "stripe-hook": "whsec_{a:32}",
    "huggingface": "hf_{a:34}",
    "npm": "npm_{a:36}",
    "pypi": "pypi-AgEIcHlwaS5vcmc{u:120}",
    "groq": "gsk_{a:52}",
    "xai": "xai-{a:80}",
    "perplexity": "pplx-{a:48}",
    "replicate": "r8_{a:37}",
    "telegram": "{d:10}:AA{u:33}",
    "sendgrid": "SG.{u:22}.{u:43}",
    "mailgun": "key-{h:32}",
    "mailchimp": "{h:32}-us12",
    "twilio": "SK{h:32}",
    "shopify": "shpat_{h:32}",
    "digitalocean": "dop_v1_{h:64}",
    "databricks": "dapi{h:32}",
    "discord": "MTA{a:23}.G{a:5}.{u:38}",
    "square": "sq0atp-{u:22}",
    "linear": "lin_api_{a:40}",
    "notion": "ntn_{a:46}",
    "notion-old": "secret_{a:43}",
    "atlassian": "ATATT3xFfGF0{u:172}={U:8}",
    "airtable": "pat{a:14}.{h:64}",
    "figma": "figd_{u:40}",
    "postman": "PMAK-{h:24}-{h:34}",
    "new-relic": "NRAK-{U:27}",
    "grafana": "glsa_{a:32}_{h:8}",
    "sentry": "sntryu_{h:64}",
    "planetscale": "pscale_tkn_{u:43}",
    "doppler": "dp.pt.{a:43}",
    "vault": "hvs.{u:95}",
    "terraform": "{a:14}.atlasv1.{u:67}",
    "dropbox": "sl.{u:140}",
    "docker-hub": "dckr_pat_{u:27}",
    "rubygems": "rubygems_{h:48}",
    "crates-io": "cio{a:32}",
    "langsmith": "lsv2_pt_{h:32}_{h:10}",
    "pinecone": "pcsk_{a:6}_{a:63}",
    "tavily": "tvly-dev-{a:32}",
    "supabase": "sbp_{h:40}",
    "heroku": "HRKU-AA{u:58}",
    "azure-ad": "{a:3}8Q~{u:34}",
    "firebase-messaging": "AAAA{u:7}:APA91b{u:134}",
    "facebook": "EAAC{a:160}",
    "age": "AGE-SECRET-KEY-1{B:58}",
    "1password": "ops_eyJ{a:250}",
    "tailscale": "tskey-auth-k{a:11}CNTRL-{a:32}",
    "jfrog": "AKCp{a:69}",
    "nvidia": "nvapi-{u:64}",
    "fireworks": "fw_{a:24}",
    "elevenlabs": "sk_{h:48}",
    "contentful": "CFPAT-{u:43}",
    "mapbox": "sk.eyJ1{a:60}.{u:22}",
    "easypost": "EZAK{a:54}",
    "plaid": "access-production-{uuid}",
    "flutterwave": "FLWSECK_TEST-{h:32}-X",
    "alibaba": "LTAI{a:20}",
    "baidu": "bce-v3/ALTAK-{a:21}/{h:40}",
    "dynatrace": "dt0c01.{U:24}.{U:64}",
    "pulumi": "pul-{h:40}",
    "buildkite": "bkua_{h:40}",
    "circleci": "CCIPAT_{a:22}_{h:40}",
    "cerebras": "csk-{l:48}",
    "netlify": "nfp_{a:36}",
    "typeform": "tfp_{u:44}_{u:14}",
}
CARRIERS = (
    "{}",
    "here, use this one: {} and tell me if it works",
    "export SERVICE_TOKEN={}",
    '{{"note": "for the demo", "value": "{}"}}',
    'client = Client("{}")  # remove before pushing',
    "先用這個：{}，謝謝",
    "curl https://api.service.test/v1/me -H 'Authorization: Bearer {}'",
    "te paso la mía ({}), no la pierdas.",
    "auth_key: {}",
)
ALPHABETS = {
    "a": ALNUM,
    "U": UPPER,
    "l": LOWER,
    "h": HEX,
    "u": URLSAFE,
    "d": string.digits,
    "A": string.ascii_uppercase + "234567",
    "B": "02356789ACDEFGHJ",
}


def made(form: str, rng: random.Random) -> str:
    """A secret of that form. Never one letter repeated, and never ending in - or _."""
    out = []
    for literal, part, length, _ in string.Formatter().parse(form):
        out.append(literal)
        if part == "uuid":
            out.append(str(uuid.UUID(int=rng.getrandbits(128), version=4)))
        elif part:
            run = "".join(rng.choice(ALPHABETS[part]) for _ in range(int(length or 1)))
            out.append("7" + run[1:-1].replace("--", "a-") + "4")
    return "".join(out)


def _provided() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Each form in two carriers."""
    carriers = cycle(CARRIERS)
    for name, form in FORMS.items():
        for _ in range(2):
            carrier = next(carriers)
            secret = made(form, random.Random(name + carrier))
            yield "provider", name, carrier.format(secret), (secret,)


def _block(kind: str, rng: random.Random, lines: int = 14) -> str:
    body = "\n".join("".join(rng.choice(BASE64) for _ in range(64)) for _ in range(lines))
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----"


def _keys() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Private keys; what must go is each line of the body."""
    rng = random.Random("keys")
    kinds = ("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
    for kind in (*kinds, "DSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "ANY PRIVATE KEY"):
        block = _block(kind, rng)
        yield "private-key", kind, f"this is mine:\n{block}\nkeep it", tuple(block.splitlines()[1:-1])
    block = _block("PRIVATE KEY", rng)
    account = json.dumps({"type": "service_account", "private_key": block + "\n", "client_id": "1"})
    yield "private-key", "json", account, tuple(block.splitlines()[1:-1])
    yield "private-key", "quoted", "> " + block.replace("\n", "\n> "), tuple(block.splitlines()[1:-1])
    yield "private-key", "indented", "key: |\n  " + block.replace("\n", "\n  "), tuple(block.splitlines()[1:-1])
    cut = _block("RSA PRIVATE KEY", rng).rsplit("\n", 3)[0]
    yield "private-key", "cut off", cut, tuple(cut.splitlines()[1:])
    headed = block.replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B2C\n\n", 1)
    yield "private-key", "headed", headed, tuple(block.splitlines()[1:-1])
    lines = "\n".join("".join(rng.choice(BASE64) for _ in range(64)) for _ in range(4))
    putty = f"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 4\n{lines}\nPrivate-MAC: 12"
    yield "private-key", "putty", putty, tuple(lines.splitlines())


def _jwts() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    rng = random.Random("jwt")
    carriers = ("{}", "token: {}", "Cookie: session={}; theme=dark", "我的憑證是{}。", "?jwt={}&x=1", '["{}"]')
    for number, carrier in enumerate(carriers):
        signature = "".join(rng.choice(URLSAFE) for _ in range(43))
        jwt = f"{part({'alg': 'HS256'})}.{part({'sub': str(number), 'iat': 1516239022})}.{signature}"
        yield "jwt", carrier, carrier.format(jwt), (jwt,)


def _cards() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Numbers that the networks publish for testing, and made-up ones whose check digit holds."""
    cards = ("4242 4242 4242 4242", "5555-5555-5555-4444", "378282246310005", "6011111111111117", "3530111333300000")
    more = ("30569309025904", "2223 0031 2200 3222", "4000056655665556", "6200 0000 0000 0005", "3714 496353 98431")
    carriers = ("my card is {}, exp 04/29", "卡號{}有效", "{}", "tarjeta: {}", '{{"pan": "{}", "cvc": "123"}}')
    for card, carrier in zip((*cards, *more), cycle(carriers), strict=False):
        yield "card", card, carrier.format(card), (card,)


# Templates: $1 stands for a password as people make them, $2 for one as machines make them.
TEMPLATES = {
    "url": """
        postgres://app:$2@db.internal:5432/shop
        mysql://root:$1@127.0.0.1/x?charset=utf8
        redis://:$2@cache.internal:6379/0
        mongodb+srv://ana:$1@cluster0.mongodb.test/prod
        amqp://guest:$1@mq:5672/vhost
        git clone https://oauth2:$2@gitlab.test/a/b.git
        ftp://me:$1@files.test/a
        smtp://bot%40x.test:$2@mail.test:587
        proxy is http://corp\\ana:$1@proxy.test:8080
        連到 https://admin:$1@192.168.1.1/ 就好
        SQLALCHEMY_DATABASE_URI="postgresql+psycopg://svc:$2@pg/x"
        sftp://deploy:$1@host.test:22/var
        jdbc:postgresql://db.test/x?user=app&password=$1
        https://api.test/v1?api_key=$2&q=cats
        https://api.test/v1?q=cats&access_token=$2
        wss://push.test/socket?token=$2
        """,
    "assigned": """
        password = "$1"
        db_password: $1
        const password = '$1';
        let apiSecret = "$2"
        String clientSecret = "$2";
        private static final String PASSWORD = "$1";
        $password = '$1';
        define('DB_PASSWORD', '$1');
        <password>$1</password>
        <add key="ApiKey" value="$2" />
        password: '$1',
        "password": "$1",
        {"user": "ana", "passwd": "$1"}
        :password => "$1",
        config.secret_key_base = "$2"
        var token string = "$2"
        token := "$2"
        let token: &str = "$2";
        auth_token = '$2'
        os.environ["API_KEY"] = "$2"
        setenv("SECRET_KEY", "$2", 1);
        conn = connect(host="db", user="ana", password="$1")
        mysql -u root -p'$1' shop
        sshpass -p $1 ssh ana@host
        curl -u ana:$1 https://api.test/
        docker login -u ana -p $2
        net use Z: \\\\srv\\share /user:ana $1
        <input type="password" value="$1">
        ALTER USER ana WITH PASSWORD '$1';
        CREATE USER ana IDENTIFIED BY '$1';
        machine api.test login ana password $1
        _authToken=$2
        //registry.test/:_authToken=$2
        spring.datasource.password=$1
        requirepass $1
        x-api-key: $2
        api_key=$2
        encryption_key: "$2"
        access_token: $2
        client_secret=$2
        refresh_token = "$2"
        PGPASSWORD=$1 psql -h db
        """,
    "env": """
        DB_PASSWORD=$1
        export AWS_SECRET_ACCESS_KEY=$2
        SECRET_KEY="$2"
        JWT_SECRET='$2'
        COHERE_API_KEY=$2
        MISTRAL_API_KEY=$2
        set ADMIN_PASS=$1
        SMTP_PASSWORD = $1
        APP_KEY=base64:$2
        SESSION_SECRET=$2
        MYSQL_ROOT_PASSWORD: $1
        CLOUDFLARE_API_TOKEN=$2
        DATADOG_APP_KEY=$2
        AZURE_OPENAI_KEY=$2
        $env:API_TOKEN = "$2"
        ENV STRIPE_SECRET $2
        """,
    "connection": """
        Server=db.test;Database=x;User Id=sa;Password=$1;
        Data Source=srv;Initial Catalog=x;uid=sa;pwd=$1
        DefaultEndpointsProtocol=https;AccountName=x;AccountKey=$3;EndpointSuffix=core.test
        Endpoint=sb://x.servicebus.test/;SharedAccessKeyName=Root;SharedAccessKey=$2=
        host=db port=5432 user=ana password=$1 dbname=x
        AccountEndpoint=https://x.documents.test:443/;AccountKey=$3;
        Driver={ODBC Driver 18};Server=s;Uid=ana;Pwd=$1;Encrypt=yes
        https://x.blob.test/c?sv=2024&se=2027-01-01&sig=$2%3D
        amqps host=mq;username=bot;password=$1
        User ID=ana;Password="$1";Pooling=true
        """,
    "header": """
        Authorization: Bearer $2
        Authorization: Token $2
        Authorization: Basic $4
        -H "X-Api-Key: $2"
        "Authorization": "Bearer $2"
        Proxy-Authorization: Basic $4
        apikey: $2
        X-Auth-Token: $2
        Cookie: sessionid=$2; theme=dark
        Ocp-Apim-Subscription-Key: $2
        """,
    "prose": """
        my password is $1
        My wifi password is $1, in case you visit.
        the password for the NAS: $1
        password for the router is $1
        Pass: $1
        my api key is $2
        the API key I use is $2.
        here is my token: $2
        the secret key is $2 by the way
        login ana, pw $1
        user: ana / pass: $1
        I changed my password to $1 yesterday
        use the passphrase "$1" please
        我的密码是$1
        我的密碼是 $1，別告訴別人
        密碼：$1
        帳號 ana 密碼 $1
        口令为$1。
        我的 API key 是 $2
        金鑰：$2
        令牌: $2
        wifi 密码 $1
        mi contraseña es $1
        La contraseña del wifi es $1.
        contraseña: $1
        clave: $1
        la clave de la API es $2
        mi token es $2, úsalo
        usuario ana, contraseña $1
        cambié mi contraseña a $1
        """,
}
HUMAN = (
    "Tr0ub4dor&3x",
    "hunter2hunter2",
    "Corr3ct-H0rse",
    "S3cr3tP@ss!",
    "qwe123!@#",
    "Sommer2026!",
    "p4ssw0rd99",
    "Xk9#mQ2v",
)


def _templated() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    human = cycle(HUMAN)
    for group, lines in TEMPLATES.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            rng = random.Random(line)
            secret = next(human) if "$1" in line else "m" + "".join(rng.choice(ALNUM) for _ in range(30)) + "7q"
            if "://" in line and "$1" in line:
                secret = secret.replace("#", "+").replace("@", "~")  # as a URL must have it
            if "$3" in line:
                secret = "".join(rng.choice(BASE64) for _ in range(86)) + "=="
            if "$4" in line:
                secret = base64.b64encode(f"ana:{secret[:13]}".encode()).decode()
            text = line
            for sign in "1234":
                text = text.replace("$" + sign, secret)
            yield group, line, text, (secret,)


def samples() -> list[Sample]:
    """All: those with secrets, then those without, which have no `secrets`. Odd ones of each group are held back."""
    made_up: list[Callable[[], Iterator[tuple[str, str, str, tuple[str, ...]]]]] = [
        _provided,
        _keys,
        _jwts,
        _cards,
        _templated,
    ]  # fmt: skip - one line tells it
    found: list[Sample] = []
    seen: dict[str, int] = {}
    for source in made_up:
        for group, name, text, secrets in source():
            number = seen[group] = seen.get(group, -1) + 1
            # A provider's two samples stay together: what is held back are forms, not only carriers.
            turn = number // 2 if group == "provider" else number
            found.append(Sample(group, name, text, secrets, "held" if turn % 2 else "tune"))
    for group, texts in HARMLESS.items():
        for number, text in enumerate(texts):
            found.append(Sample(group, text[:40], text, (), "held" if number % 2 else "tune"))
    return found
