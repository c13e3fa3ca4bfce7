"""Texts that hold no secret, by group: whatever `mask` touches in them is a mistake. One sample a line."""

import base64
import hashlib
import random
import uuid

LINES = {
    "english": """
        My password is too long to remember, so I keep it in a manager.
        The password is required for every account.
        I forgot my password again and had to reset it twice.
        Please send me the token by post, not by mail.
        The secret is patience and a hot pan.
        Her secret: never open the oven before 40 minutes.
        What is the difference between a token and a word?
        The API key is missing, says the error, but I set it.
        Is a passphrase better than a password?
        Password: at least 12 characters, one digit, one sign.
        My password manager is Bitwarden and I like it.
        The key is under the mat, the cat is on it.
        The key is B-flat major and the tempo is 120bpm.
        He holds the key to the 2nd floor flat.
        Secret Santa is on December 24th at 6pm!
        The bearer of this letter is allowed to pass.
        Basic training starts at 0700 on Monday.
        I passed: 98% in maths, 87% in physics.
        Login with Google does not work since 14.2.1.
        Credentials are stored in the keychain, it says.
        I live in Lisbon since 2019 with 2 cats and 1 dog.
        My sister's flight BA2490 lands at 18:45 at gate B32.
        The password to happiness is gratitude2024things, said nobody.
        The user is called xX_dragon_slayer_99_Xx in that game.
        We met in '98, married in 2003-06-14, moved 3x.
        I run 5k in 24:31 and 10k in 52:08.
        Pick up order A7-4421-KX9 at counter 12.
        The token economy of the classroom has 3 levels: bronze, silver, gold2.
        She said the pass is closed from November to May.
        My pin is stuck in the bowling lane.
        What does sk-SK mean as a locale?
        I bought a 4070Ti-Super16GB for $799.99 last week.
        The secret ingredient: 00-flour, 60%hydration!
        Can you explain OAuth2.0, OpenID-Connect and SAML2?
        """,
    "chinese": """
        我的密码太长了，我总是记不住。
        请问密码是必填的吗？
        密碼必須至少有12個字元，包含大寫字母。
        口令不对，请再试一次。
        密码：请联系管理员
        密碼是什麼意思？
        我住台北，今年32歲，養了2隻貓。
        令牌過期了怎麼辦？
        金鑰放在桌上，家門的那把。
        钥匙在门口的花盆下面。
        我的手機號碼是0912-345-678。
        訂單編號202611220001234已出貨。
        身高175公分，體重68公斤。
        他的英文名字是Christopher2，很奇怪。
        我喜歡iPhone17ProMax的顏色。
        請打開https://example.org/a?id=12345678看看。
        API key 是什么？怎么申请？
        会议室3F-A12，下午2:30開始。
        密码设置成8位以上就可以了。
        我昨天把密码改了，忘了改成什么。
        token 是自然語言處理的單位。
        学号20231234567，班级CS2023-02。
        这把钥匙是A-1024号的。
        车牌是京A·12345。
        他说暗号是“天王盖地虎”。
        密碼學是一門很有趣的課。
        """,
    "spanish": """
        La contraseña es obligatoria y debe tener 12 caracteres.
        Olvidé mi contraseña otra vez.
        La clave es tener paciencia.
        La clave está en la mesa de la cocina.
        Contraseña: mínimo 8 caracteres, una mayúscula y 1 número.
        ¿Cuál es la clave de sol?
        El secreto: aceite de oliva y 2h30 de horno.
        Mi número es 612 345 678, llámame.
        El token no es válido, dice el error 401.
        Vivo en Valencia desde 2018 con mi hija de 9 años.
        El pedido 2026-000451-B llegó el martes.
        Nací el 03/05/1987 en Córdoba.
        La palabra clave es "sostenibilidad".
        Las claves del éxito: constancia100% y calma.
        Cambié mi contraseña ayer y ya no entro.
        El vuelo IB3167 sale a las 07:55.
        Mi correo es ana.lopez1987@correo.test
        La talla es 38-40EU, modelo XR2000b.
        Quedamos a las 20h en C/ Mayor 14, 3ºB.
        El DNI del ejemplo es 12345678Z.
        """,
    "code": """
        password = os.environ["DB_PASSWORD"]
        password = getpass.getpass("Password: ")
        token = request.headers.get("Authorization")
        if password != confirm_password1: raise ValueError
        const token = await getToken(user.id, scope2);
        api_key = settings.openai_api_key_v2
        secret = secrets.token_urlsafe(32)
        SECRET_KEY = config("SECRET_KEY")
        def login(user: str, password: str = "") -> Token2:
        password: str | None = None
        access_token = response.json()["access_token"]
        "password": "<your-password-1>"
        password=$DB_PASSWORD_2
        apiKey: process.env.OPENAI_API_KEY
        api_key: ${{ secrets.API_KEY_2 }}
        token: {{ vault_token_2 }}
        password = None
        password_hash = hashlib.sha256(data).hexdigest()
        tokens = tokenizer.encode(text, max_length=512)
        self.token = token or self._token2()
        token_type_ids=torch.zeros(1, 512)
        max_tokens: 4096, temperature: 0.7
        pad_token="<|endoftext|>"
        eos_token: "<|im_end|>"
        bos_token = "[CLS-101]"
        {"total_tokens": 12345, "prompt_tokens": 12000}
        keyboard.add_hotkey("ctrl+shift+a", callback1)
        primary_key=True, foreign_key="users.id2"
        key: "ArrowLeft2"
        const secretSanta = pairs[index2].name;
        <input type="password" name="password" id="password1">
        <label for="password">Password (8+ characters)</label>
        type Password = string & { __brand: "Password2" };
        @pytest.mark.parametrize("password", ["", "a"])
        class PasswordField2(forms.CharField):
        from django.contrib.auth.tokens import default_token_generator
        git checkout -b feature/TOKEN-1234-refresh-token
        docker run -e POSTGRES_PASSWORD_FILE=/run/secrets/db2 postgres:16
        git config credential.helper store
        ssh -i ~/.ssh/id_ed25519 ana@host.test
        psql -h localhost -U ana -d shop2
        curl -u "$USER:$PASSWORD" https://api.test/
        mysql -u root -p shop2
        sk-learn and sk_SK are not keys; neither is sk-toggleable__content-arrow
        .sk-estimator-id-1 div.sk-toggleable__label { color: #1a2b3c; }
        const hf_model_name_or_path_for_tokenizer_v2 = "a";
        npm_config_registry=https://registry.test/
        npm_lifecycle_script_with_a_long_name_2
        import pypi_simple_client_v2 as p
        whsec = None; r8_format = GL_R8_SNORM
        SELECT token, COUNT(*) FROM t2 GROUP BY token;
        key-value-store-with-32-characters1
        eval(function(p,a,c,k,e,d){e=function(c){return c.toString(36)}
        AKIAutomatic is not a key and AIza neither
        password must match ^(?=.*[A-Z])(?=.*\\d).{8,}$
        regex: AKIA[0-9A-Z]{16} and ghp_[A-Za-z0-9]{36}
        token = "REPLACE_ME_WITH_TOKEN_1"
        api_key="sk-..."
        OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        API_KEY=<insert-key-here-1>
        passwordless_login_enabled=true2
        private_key_path = "/etc/ssl/private/server2.pem"
        public_key = "ssh-ed25519"
        key_size=2048; key_type="RSA-PSS2"
        secret_name: my-app-secrets-v2
        secretKeyRef: { name: db-creds-2, key: password }
        token_uri: https://oauth2.googleapis.com/token
        access_key_rotation_days: 90days
        password_policy: min12-upper-digit
        """,
    "numbers": """
        +886 912 345 678
        +1 (415) 555-2671
        0049 30 901820
        +44 20 7946 0958 and +34 612 34 56 78
        138-0013-8000
        Tel. 02-2345-6789 ext. 123
        order 4500012345678901
        Order #112-3456789-1234567 has shipped
        tracking 1Z999AA10123456784
        tracking 9400 1000 0000 0000 0000 00
        RR123456785CN
        ISBN 978-3-16-148410-0
        ISBN 9780306406157
        ISBN-10 0-306-40615-2
        ISSN 0317-8471
        EAN 4006381333931
        2026-11-22T09:14:00+08:00
        1700000000 and 1700000000000 and 1700000000000000
        20261122091400123456
        22.11.2026 18:37:40.123456
        3.14159265358979323846
        6.02214076e23 and 299792458 m/s
        192.168.1.1:8080 and 10.0.0.0/8
        2001:0db8:85a3:0000:0000:8a2e:0370:7334
        00:1A:2B:3C:4D:5E
        25.033964, 121.564468
        NT$1,234,567.89 and 98,765,432 yen
        IMEI 490154203237518 is printed below
        4111 1111 1111 1112
        version 3.13.0rc2+build.20261122
        12345678901234567890123456789012
        invoice 2026/11/000123-45
        account 000123456789, routing 021000021
        GB29 NWBK 6016 1331 9268 19
        DE89 3704 0044 0532 0130 00
        VIN 1HGCM82633A004352
        #1a2b3c #ffeedd #00aa99ff
        5500000000000003 widgets
        telegram id 123456789:hello
        3782-822463-10006
        """,
    "paths": """
        /home/ana/projects/token-server/src/password_reset/views2.py
        C:\\Users\\ana\\AppData\\Local\\Temp\\key-2026.txt
        https://example.org/reset-password?step=2
        https://user@example.org/path
        https://en.wikipedia.org/wiki/Password_strength#Entropy2
        https://www.youtube.test/watch?v=dQw4w9WgXcQ&t=42s
        https://docs.test/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit
        https://github.test/a/b/blob/9fceb02d0ae598e95dc970b74767f19372d61af8/README.md#L10-L20
        git@github.test:ana/token-tools-2.git
        ssh://git@host.test:22/a.git
        http://localhost:8080/a@b
        https://maps.test/@25.0339,121.5645,17z
        mailto:ana@x.test?subject=pass:port
        https://example.org/?utm_source=newsletter&utm_campaign=2026-11-launch
        https://medium.test/@ana/how-to-hash-passwords-3f2a1b9c8d7e
        s3://bucket-2026/backups/db_2026-11-22.sql.gz
        file:///var/log/auth.log.1
        data:text/plain;charset=utf-8,hello2
        node_modules/.pnpm/token-types@5.0.1/node_modules/token-types/lib/index.js
        /proc/sys/kernel/keys/root_maxkeys2
        docker.io/library/postgres:16.4-alpine3.20
        urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66
        doi:10.1038/s41586-021-03819-2
        arXiv:2310.06825v2 and arXiv:1706.03762
        magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a
        https://a.test/p/B08N5WRWNW/ref=sr_1_3?keywords=usb-c2
        https://zoom.test/j/85512345678
        https://example.org/static/js/main.4f3c2b1a.chunk.js
        https://img.test/1600x900/?token-ring,network2
        postgres://app:${DB_PASS}@db/x and postgres://app:<password>@db/x
        """,
    "config": """
        # password: set me in .env
        password: ""
        password: changeme
        password: "********"
        DB_PASSWORD=
        API_KEY=your-api-key-here-123
        SECRET_KEY=dummy-secret-for-tests-1
        token: [redacted-1]
        password: !vault |
        password: ENC[AES256_GCM,placeholder]
        password_min_length = 12chars
        token_expiry: 3600seconds
        key: value1
        apiVersion: external-secrets.io/v1beta1
        kind: Secret
        type: kubernetes.io/dockerconfigjson
        secretName: tls-cert-2026
        sha: 9fceb02d0ae598e95dc970b74767f19372d61af8
        cache-key: v2-deps-{{ checksum "requirements.txt" }}
        image: ghcr.io/a/b:v1.2.3@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        key_vault_uri: https://kv2.vault.test/
        tokenizer: o200k_base
        [secret:password] was here
        session_name: friday-2026-plans
        license_key_required: false1
        monkey: banana123!
        turkey: 12.5kg!per!person
        whiskey = Laphroaig10y+ice
        hockey: Canadiens5-Bruins3
        keyframes: fade2s+ease-in
        """,
    "markup": """
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbM8nQ2vXQy5C7p0b9uZl3k1f6w8R4t2Y7o9Jx5s3aB ana@laptop
        -----BEGIN PUBLIC KEY----- MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC -----END PUBLIC KEY-----
        -----BEGIN CERTIFICATE----- MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0B -----END CERTIFICATE-----
        | key | value | note2 | password | required |
        **Password:** see the *internal wiki*, page 12b
        <a href="/reset?uid=MTI&step=2">Reset password</a>
        {"type": "object", "properties": {"password": {"type": "string", "minLength": 8}}}
        2026-11-22 09:14:00,123 INFO auth.login2 user=ana password=ok
        ERROR: invalid token '}' at line 14, column 22
        SyntaxError: Unexpected token < in JSON at position 0
        Traceback: KeyError: 'api_key_v2' in settings2.py:88
        401 Unauthorized: Bearer realm="example", error="invalid_token"
        WWW-Authenticate: Basic realm="User Visible Realm 2"
        Authorization: Bearer <token-from-step-2>
        Authorization: Bearer $ACCESS_TOKEN_2
        Set-Cookie: theme=dark2; Path=/; Max-Age=31536000
        ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
        X-Request-Id: 7f3a9c1e5b2d4f60
        If-None-Match: W/"0815-4711-abcd"
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
        e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 O-O Be7
        ACGTTGCATGCCGTAACGTTAGCATCGATCGATTACGCGATCGA
        C#m7b5 F#7 Bm7 E7 Amaj9 D13
        LTAIR-3 is a satellite; SGML. is a language; EAACI a congress
        """,
}


def _made() -> dict[str, list[str]]:
    """Hashes, ids and pictures, as machines write them: different each, the same each time."""
    rng = random.Random("harmless")
    hashes = []
    for number, name in enumerate(("md5", "sha1", "sha224", "sha256", "sha512", "blake2b") * 4):
        digest = hashlib.new(name, str(number).encode(), usedforsecurity=False).hexdigest()
        hashes.append(
            (digest, f"{name}sum file{number}: {digest}", f"commit {digest[:40]}", f"{digest[:7]} Fix")[number % 4]
        )
    for number in range(8):
        digest = base64.b64encode(hashlib.sha512(str(number).encode()).digest()).decode()
        hashes.append(f'"integrity": "sha512-{digest}",')
        hashes.append(f"SHA256:{digest[:43]} ana@laptop (ED25519)")
    ids = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(14)]
    ids[1::2] = [f"session {one}, see the log" for one in ids[1::2]]
    ids += [f"01J{''.join(rng.choice('0123456789ABCDEFGHJKMNPQRSTVWXYZ') for _ in range(23))}" for _ in range(4)]
    ids += [f"id: {rng.getrandbits(96):024x}" for _ in range(6)]
    heads = (
        "data:image/png;base64,iVBORw0KGgo",
        "data:image/jpeg;base64,/9j/4AAQ",
        "R0lGODlh",
        "![](data:image/webp;base64,",
    )
    pictures = [head + base64.b64encode(rng.randbytes(size)).decode() for head in heads for size in (300, 3000)]
    return {"hashes": hashes, "ids": ids, "pictures": pictures}


HARMLESS = {group: [line.strip() for line in lines.strip().splitlines()] for group, lines in LINES.items()} | _made()
