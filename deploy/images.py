"""Asks registries for the digests of images, and writes them down: `python -m deploy.images`, or `make images`.

`images.lock` is the one list of images. The files that name an image get its digest from there.
A registry that doesn't answer changes nothing. Exit code 0: all answered; 3: not all.
"""

import hashlib
import re
import sys
from pathlib import Path
from urllib.request import parse_http_list, parse_keqv_list

import httpx

HERE = Path(__file__).parent
LOCK = HERE / "images.lock"
EMPTY, OWN = "leeg", "eigen"
"""What stands in the lock instead of a digest: not known yet; built here, so that no registry knows it."""
NOT_ALL = 3
MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What describes an image: for all kinds of machines at once, or for one."""


class RegistryError(Exception):
    """A registry answered, and not with an image. The message says what it answered."""


def files_with_images() -> list[Path]:
    """Returns every file in which images are named."""
    return [HERE / "Dockerfile", HERE / "compose.yaml", *sorted((HERE / "kubernetes").rglob("*.yaml"))]


def read_lock(text: str) -> dict[str, str]:
    """Returns name and tag → digest, `leeg` or `eigen`."""
    return dict(line.split() for line in text.splitlines() if line and not line.startswith("#"))


def reference(name: str, found: str) -> str:
    """Returns how a file names an image: with its digest, if that is known."""
    return name if found in {EMPTY, OWN} else f"{name}@{found}"


def with_digests(text: str, lock: dict[str, str]) -> str:
    """Returns the text of a file in which each image is named as the lock says."""
    for name, found in lock.items():
        named = rf"(?<![\w./-]){re.escape(name)}(@sha256:[0-9a-f]{{64}})?(?![\w.-])"
        text = re.sub(named, reference(name, found), text)
    return text


def digest_of(name: str, client: httpx.Client) -> str:
    """Returns the digest of an image: the SHA-256 of what its registry has under that tag.

    Raises RegistryError, or httpx.HTTPError where no registry answers.
    """
    repository, _, tag = name.rpartition(":")
    host, path = _place(repository)
    url, accept = f"https://{host}/v2/{path}/manifests/{tag}", {"Accept": ", ".join(MANIFESTS)}
    answer = client.get(url, headers=accept)
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        answer = client.get(url, headers=accept | {"Authorization": f"Bearer {_token(answer, client)}"})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code != httpx.codes.OK or kind not in MANIFESTS:
        raise RegistryError(f"{host} antwoordt {answer.status_code} {kind or 'zonder soort'}, geen image")
    found = f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
    if answer.headers.get("docker-content-digest", found) != found:
        raise RegistryError(f"{host} noemt een andere digest dan die van wat het stuurt")
    return found


def _place(repository: str) -> tuple[str, str]:
    """Returns the registry and the path there. Without a first part with a dot or a port, that is Docker Hub."""
    first, _, rest = repository.partition("/")
    if rest and ("." in first or ":" in first):
        return first, rest
    return "registry-1.docker.io", repository if rest else f"library/{repository}"


def _token(refusal: httpx.Response, client: httpx.Client) -> str:
    """Returns what lets anybody read: the address to get it from stands in the refusal."""
    how, _, said = refusal.headers.get("www-authenticate", "").partition(" ")
    where = parse_keqv_list(parse_http_list(said))
    realm = where.pop("realm", "")
    if how.lower() != "bearer" or not realm.startswith("https://"):
        raise RegistryError(f"{refusal.url.host} laat niet iedereen lezen")
    answer = client.get(realm, params=where).raise_for_status().json()
    token = answer.get("token") or answer.get("access_token")
    if not token:
        raise RegistryError(f"{refusal.url.host} geeft geen token om te lezen")
    return str(token)


def fill(lock: dict[str, str], client: httpx.Client) -> tuple[dict[str, str], list[str]]:
    """Returns the lock with the digests that registries gave, and what became of each image, in words."""
    filled, said = dict(lock), []
    for name, before in lock.items():
        if before == OWN:
            continue
        try:
            filled[name] = digest_of(name, client)
        except (RegistryError, httpx.HTTPError, ValueError) as error:
            stays = "blijft leeg" if before == EMPTY else "de digest van eerder blijft staan"
            said.append(f"{name}: niet opgehaald ({error}); {stays}")
    return filled, said


def write(folder_lock: Path, lock: dict[str, str], files: list[Path]) -> None:
    """Writes the digests into the lock, below what it says of itself, and into the files that name images."""
    head = [line for line in folder_lock.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    folder_lock.write_text("\n".join([*head, *(" ".join(row) for row in lock.items()), ""]), encoding="utf-8")
    for file in files:
        file.write_text(with_digests(file.read_text(encoding="utf-8"), lock), encoding="utf-8")


def main() -> int:
    """Fills the lock of this folder."""
    before = read_lock(LOCK.read_text(encoding="utf-8"))
    with httpx.Client(timeout=20, follow_redirects=True) as client:
        lock, failed = fill(before, client)
    write(LOCK, lock, files_with_images())
    for line in failed:
        print(line)
    known = sum(found.startswith("sha256:") for found in lock.values())
    print(f"{known} van {sum(found != OWN for found in lock.values())} images met een digest in {LOCK.name}")
    return NOT_ALL if failed else 0


if __name__ == "__main__":
    sys.exit(main())
