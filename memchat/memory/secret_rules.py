"""The table of secrets: one rule a kind, each with the literal that must be there before its pattern is tried.

Sources of the forms: the providers' own documentation of their key formats, ISO/IEC 7812 for card numbers (Luhn),
RFC 7519 for JWTs, RFC 7468 for key blocks. To add a secret, add a line to `RULES`.
"""

from memchat.memory.secret_forms import KEY, Accept, Rule, assigned, card, in_url, machine_made, mixed, signed, starting

QUOTE = r"\\?[\"'`]"  # in JSON within JSON behind a backslash
TYPE = r"(?: string|: ?(?:&(?:'static )?)?str(?:ing)?)?"  # var token string = , token: &str =
# name = "...", name: ..., "name" => "...", name"] = ..., "NAME", "...", name" value="...", name>..., name "..."
DELIMITER = (
    rf"(?:{TYPE}(?:{QUOTE})?\]?[ \t]{{0,4}}"
    rf"(?::=|=>|[:=：>]|是|為|为|(?<=[\"'`]),|(?<=[\"'`])[ ]value=)[ \t]{{0,4}}(?:{QUOTE})?"
    rf"|[ \t]{{1,4}}{QUOTE})"
)
IS = " is | es "
ITS = r",? it(?:'s|’s| is) "  # "needs a password, it's ..."
# What stands between a name and its value in a sentence: "the password for the router is ...", "the key I use is ...".
SAID = rf"[ ](?:for|of|to|from|i|que|de|del|para)[ ][^\n:=\"'`]{{0,24}}?(?:{IS}|: ?)"
_NO = r"\s\"'`,;<>(){}\[\]\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
VALUE = rf"([^{_NO}]{{5,255}}[^{_NO}.\\])"  # neither a full stop nor half an escaped quote at its end
# At the end of a name, so that `DB_PASSWORD=` counts and `token_count:` does not.
PASSWORDS = ("password", "passwd", "passphrase", "pwd", "contraseña", "clave", "密碼", "密码", "口令", "identified by")
SECRETS = (
    *("secret", "secret_key", "secret key", "secretkey", "secret_key_base", "access_key", "access key", "accesskey"),
    *("private_key", "api_key", "api-key", "api key", "apikey", "token", "credential", "credentials"),
    *("accountkey", "encryptionkey", "signingkey", "masterkey", "金鑰", "令牌", "密钥"),
)


def _folded(kind: str, hints: str, pattern: str, accept: Accept = assigned) -> Rule:
    """`hints` parted by |; the secret is the pattern's only group."""
    return Rule(kind, tuple(hints.split("|")), pattern, accept, group=1, folded=True)


def _password(name: str) -> Rule:
    # Chinese and Spanish do without a verb: 密碼 abc.
    # It may be set or changed first: 密碼我設了 abc.
    bare = (
        "[ ](?:to|a)[ ]"
        if name.isascii()
        else "(?:[我就先也都]{0,2}[設设改換换用是](?:了|成|為|为|的是)?)?[ ]?(?:a[ ])?"
    )
    return _folded("password", name, f"{name}(?:{DELIMITER}|{IS}|{ITS}|{SAID}|{bare}){VALUE}")


def _secret(name: str) -> tuple[Rule, Rule]:
    """Assigned as passwords are; in a sentence only what a machine made."""
    said = _folded("key", name, f"{name}(?:{IS}|{SAID}){VALUE}", machine_made)
    return _folded("key", name, f"{name}{DELIMITER}{VALUE}"), said


RULES: tuple[Rule, ...] = (
    starting("anthropic-key", "sk-ant-", rf"{KEY}{{20,}}"),
    starting("openai-key", "sk-", rf"{KEY}{{20,}}", mixed),
    starting("google-key", "AIza", rf"{KEY}{{35}}"),
    starting("google-secret", "GOCSPX-", rf"{KEY}{{20,}}"),
    starting("aws-key", "AKIA", r"[0-9A-Z]{16}(?![0-9A-Za-z])"),
    starting("aws-key", "ASIA", r"[0-9A-Z]{16}(?![0-9A-Za-z])"),
    # Beside the key's id, on its line or the next.
    starting(
        "aws-secret",
        "AKIA",
        r"[0-9A-Z]{16}[\s\"',:;=|]{1,8}(?:[A-Za-z_ -]{1,32}[\s\"',:;=|]{1,8})?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        mixed,
        group=1,
    ),
    *(starting("github-token", f"gh{kind}_", r"[A-Za-z0-9]{36,}") for kind in "pousr"),
    starting("github-token", "github_pat_", r"[A-Za-z0-9_]{22,}"),
    starting("gitlab-token", "gl", rf"{KEY}{{20,}}", ends=("pat-", "rt-", "dt-", "ptt-", "cbt-", "ft-", "soat-")),
    starting("slack-token", "xox", r"[abeoprs]-[A-Za-z0-9-]{10,}", mixed),
    starting("slack-token", "xapp-", r"[0-9]-[A-Za-z0-9-]{20,}", mixed),
    Rule("slack-hook", ("hooks.slack.com/",), r"hooks\.slack\.com/services/([A-Za-z0-9/]{20,})", group=1),
    *(starting("stripe-key", f"{kind}k_", r"[A-Za-z0-9]{16,}", ends=("live_", "test_")) for kind in "sr"),
    starting("stripe-key", "whsec_", r"[A-Za-z0-9+/=]{24,}"),
    starting("huggingface-token", "hf_", r"[A-Za-z0-9]{30,}", mixed),
    starting("npm-token", "npm_", r"[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    starting("pypi-token", "pypi-", rf"{KEY}{{50,}}"),
    starting("groq-key", "gsk_", r"[A-Za-z0-9]{40,}"),
    starting("xai-key", "xai-", r"[A-Za-z0-9]{40,}"),
    Rule("telegram-token", (":AA",), r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    starting("replicate-token", "r8_", r"[A-Za-z0-9]{30,}", mixed),
    starting("perplexity-key", "pplx-", r"[A-Za-z0-9]{40,}"),
    starting("nvidia-key", "nvapi-", rf"{KEY}{{50,}}"),
    starting("cerebras-key", "csk-", r"[a-z0-9]{40,}", mixed),
    starting("fireworks-key", "fw_", r"[A-Za-z0-9]{20,}", machine_made),
    starting("elevenlabs-key", "sk_", r"[0-9a-f]{48}(?![A-Za-z0-9])"),
    starting("langsmith-key", "lsv2_", r"[A-Za-z0-9_]{40,}", ends=("pt_", "sk_")),
    starting("pinecone-key", "pcsk_", r"[A-Za-z0-9_]{40,}"),
    starting("tavily-key", "tvly-", rf"{KEY}{{28,}}", mixed),
    starting("baidu-key", "bce-v3/", r"ALTAK-[A-Za-z0-9]{10,}/[0-9a-f]{32,}"),
    starting("alibaba-key", "LTAI", r"[A-Za-z0-9]{12,26}(?![A-Za-z0-9])", machine_made),
    starting("tencent-key", "AKID", r"[A-Za-z0-9]{32}(?![A-Za-z0-9])", mixed),
    starting("google-token", "ya29.", rf"{KEY}{{30,}}"),
    starting("aws-key", "ABSK", r"[A-Za-z0-9+/=]{100,}"),
    Rule("azure-secret", ("&sig=",), r"&sig=([A-Za-z0-9%+/=]{30,})", group=1),
    Rule("azure-secret", ("8Q~",), r"[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{30,40}"),
    starting("sendgrid-key", "SG.", rf"{KEY}{{16,}}\.{KEY}{{30,}}"),
    starting("mailgun-key", "key-", r"[0-9a-f]{32}(?![A-Za-z0-9])"),
    Rule("mailchimp-key", ("-us",), r"(?<![0-9A-Za-z])[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])"),
    starting("brevo-key", "xkeysib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    starting("resend-key", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?![A-Za-z0-9])", machine_made),
    starting("twilio-key", "SK", r"[0-9a-f]{32}(?![A-Za-z0-9])", mixed),
    starting("shopify-token", "shp", r"[0-9a-fA-F]{32}", ends=("at_", "ca_", "pa_", "ss_")),
    starting("square-token", "sq0", rf"{KEY}{{20,}}", ends=("atp-", "csp-", "idp-")),
    starting("facebook-token", "EAA", rf"{KEY}{{55,}}", machine_made),
    starting("plaid-token", "access-", r"[0-9a-f-]{36}", ends=("sandbox-", "development-", "production-")),
    starting("easypost-key", "EZ", r"[A-Za-z0-9]{50,}", mixed, ends=("AK", "TK")),
    starting("flutterwave-key", "FLWSECK", r"[A-Za-z0-9-]{20,}", ends=("_TEST-", "-")),
    starting("digitalocean-token", "do", r"[0-9a-f]{64}", ends=("p_v1_", "o_v1_", "r_v1_")),
    starting("heroku-key", "HRKU-", rf"{KEY}{{40,}}"),
    starting("netlify-token", "nfp_", r"[A-Za-z0-9]{30,}", mixed),
    starting("supabase-token", "sbp_", r"[0-9a-f]{40}"),
    starting("neon-key", "napi_", r"[a-z0-9]{60,}"),
    starting("planetscale-token", "pscale_", rf"{KEY}{{30,}}", ends=("tkn_", "pw_", "oauth_")),
    starting("databricks-token", "dapi", r"[0-9a-f]{32}"),
    starting("doppler-token", "dp.", r"[A-Za-z0-9]{40,}", ends=("pt.", "st.", "ct.", "sa.", "scim.", "audit.")),
    starting("vault-token", "hv", rf"{KEY}{{24,}}", mixed, ends=("s.", "b.", "r.")),
    Rule("terraform-token", (".atlasv1.",), rf"[A-Za-z0-9]{{14}}\.atlasv1\.{KEY}{{40,}}"),
    starting("pulumi-token", "pul-", r"[0-9a-f]{40}"),
    starting("tailscale-key", "tskey-", rf"{KEY}{{20,}}"),
    starting("docker-token", "dckr_", rf"{KEY}{{20,}}", ends=("pat_", "oat_")),
    starting("jfrog-key", "AKCp", r"[A-Za-z0-9]{60,}"),
    starting("rubygems-key", "rubygems_", r"[0-9a-f]{48}"),
    starting("crates-token", "cio", r"[A-Za-z0-9]{32}(?![A-Za-z0-9])", mixed),
    starting("circleci-token", "CCIP", r"[A-Za-z0-9_]{40,}", ends=("AT_", "RJ_")),
    starting("buildkite-token", "bkua_", r"[0-9a-f]{40}"),
    starting("sonar-token", "sq", r"[0-9a-f]{40}(?![A-Za-z0-9])", ends=("u_", "p_", "a_")),
    starting("new-relic-key", "NRAK-", r"[A-Z0-9]{20,}"),
    starting("grafana-token", "gl", r"[A-Za-z0-9+/=_]{32,}", ends=("sa_", "c_")),
    starting("sentry-token", "sntry", r"[A-Za-z0-9+/=_-]{40,}", ends=("u_", "s_")),
    starting("dynatrace-token", "dt0", r"[A-Z0-9]{24}\.[A-Z0-9]{64}", ends=("c01.", "s01.", "s16.")),
    starting("posthog-key", "phx_", r"[A-Za-z0-9]{40,}"),
    starting("linear-key", "lin_", r"[A-Za-z0-9]{32,}", ends=("api_", "oauth_")),
    starting("notion-token", "ntn_", r"[A-Za-z0-9]{40,}"),
    starting("notion-token", "secret_", r"[A-Za-z0-9]{43}(?![A-Za-z0-9])", machine_made),
    starting("atlassian-token", "AT", r"[A-Za-z0-9_=-]{60,}", ends=("ATT3", "CTT3")),
    starting("hubspot-token", "pat-", r"[0-9a-f-]{36}", ends=("na1-", "na2-", "eu1-")),
    starting("airtable-token", "pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    starting("figma-token", "figd_", rf"{KEY}{{30,}}"),
    starting("postman-key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    starting("contentful-token", "CFPAT-", rf"{KEY}{{40,}}"),
    starting("typeform-token", "tfp_", rf"{KEY}{{40,}}"),
    starting("mapbox-token", "sk.eyJ", rf"{KEY}{{20,}}\.{KEY}{{20,}}"),
    starting("dropbox-token", "sl.", rf"{KEY}{{60,}}", machine_made),
    starting("onepassword-token", "ops_eyJ", r"[A-Za-z0-9_=-]{100,}"),
    starting("age-key", "AGE-SECRET-KEY-1", r"[0-9A-Z]{58}"),
    Rule("firebase-key", (":APA91b",), rf"{KEY}{{11}}:APA91b{KEY}{{100,}}"),
    Rule(
        "discord-token",
        tuple("MNO"),
        rf"(?<!{KEY})[MNO]{KEY}{{23,27}}\.{KEY}{{6}}\.{KEY}{{27,40}}(?!{KEY})",
        machine_made,
    ),
    Rule("discord-hook", ("/webhooks/",), rf"/api/webhooks/[0-9]{{15,21}}/({KEY}{{50,}})", group=1),
    # As PuTTY writes a private key.
    Rule(
        "private-key",
        ("Private-Lines:",),
        r"Private-Lines: [0-9]{1,3}\s{1,2}((?:[A-Za-z0-9+/=]{16,64}\r?\n)*[A-Za-z0-9+/=]{16,64})",
        group=1,
    ),
    starting("jwt", "eyJ", rf"{KEY}{{8,}}\.eyJ{KEY}{{8,}}\.{KEY}{{8,}}"),
    Rule("password", ("://",), r"://[^\s/@:\[\]\"'<>]{0,64}:([^\s/@\[\]\"'<>]{1,128})@", in_url, group=1),
    _folded("bearer", "bearer ", r"bearer[ ]{1,4}([a-z0-9._~+/=-]{16,4096})", mixed),
    _folded(
        "bearer",
        "authorization",
        r"authorization[\"']?:[ ]{0,4}[\"']?(?:token|apikey|api-key|key)[ ]([a-z0-9._~+/=-]{16,4096})",
        mixed,
    ),
    Rule(
        "basic",
        ("basic ",),
        r"authorization[\"']?:[ ]{0,4}[\"']?basic[ ]{1,4}([a-z0-9+/=]{8,4096})",
        None,
        1,
        folded=True,
    ),
    *(_password(name) for name in PASSWORDS),
    *(rule for name in SECRETS for rule in _secret(name)),
    # ADMIN_PASS=, "pass: ", but neither bypass nor passes.
    _folded("password", "pass|pw", rf"p(?:ass|w)(?<![a-z]pass)(?<![a-z]pw){DELIMITER}{VALUE}"),
    # DATADOG_APP_KEY=, subscription-key: and other keys; a session's cookie; a line of a Dockerfile.
    _folded("key", "_key|-key|sessionid", rf"(?:[_-]key|sessionid){DELIMITER}{VALUE}", machine_made),
    _folded("key", "env ", rf"env [a-z0-9_]{{1,64}} {VALUE}", machine_made),
    # In commands: requirepass, netrc, curl -u, mysql -p, net use.
    _folded("password", "requirepass | pw ", rf"(?:requirepass| pw) {VALUE}"),
    _folded("password", " login ", rf" login [^\s]{{1,64}} password {VALUE}"),
    _folded("password", "curl ", rf"curl [^\n]{{0,200}}?(?:-u|--user)[ =][\"']?[^\s:\"'$]{{1,64}}:{VALUE}"),
    _folded(
        "password",
        "mysql|sshpass -p|docker login",
        rf"(?:mysql[^\n]{{0,80}}? -p|(?:sshpass|docker login[^\n]{{0,80}}?) -p )(?:{QUOTE})?{VALUE}",
    ),
    _folded("password", "/user:", rf"/user:[^\s]{{1,64}} {VALUE}"),
    # What people call a password by the thing it opens: "the wifi is now ...", 家里wifi现在是 ...
    *(
        _folded(
            "password", name, rf"{name}[^\n:=：\"'`]{{0,16}}?(?:{IS}|[:=：]|是|為|为)(?:now )?[ ]{{0,4}}{VALUE}", signed
        )
        for name in ("wifi", "wi-fi", "wlan", "無線網路", "无线网络")
    ),
    # DeepL's, which end in :fx where they cost nothing.
    Rule("key", (":fx",), r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:fx"),
    # Grouped as on the card: 4-4-4-4, 4-6-5, 4-6-4; or in one piece.
    Rule("card", tuple("23456"), r"[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}", card),
    Rule("card", ("3",), r"3[0-9]{3}([ -])[0-9]{6}\1[0-9]{4,5}", card),
    Rule("card", tuple("23456"), r"[2-6][0-9]{13,15}", card),
)
