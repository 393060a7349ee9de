"""A passkey in software: what a browser and its authenticator answer (WebAuthn, 6 and 7)."""

import json
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
RP_ID_HASH = sha256(b"localhost").digest()


class Passkey:
    def __init__(self) -> None:
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.user_handle = ""

    def register(self, options: dict[str, Any]) -> str:
        """Return the credential, as JSON, for `options` of the page that adds a passkey."""
        self.user_handle = options["publicKey"]["user"]["id"]
        public_key = ES256.from_cryptography_key(self.key.public_key())
        data = AttestedCredentialData.create(Aaguid.NONE, self.id, public_key)
        flags = FLAG.UP | FLAG.UV | FLAG.AT
        auth_data = AuthenticatorData.create(RP_ID_HASH, flags, 0, data)
        return self._credential(
            clientDataJSON=self._client_data("webauthn.create", options),
            attestationObject=AttestationObject.create("none", auth_data, {}),
        )

    def sign(self, options: dict[str, Any]) -> str:
        """Return the credential, as JSON, for `options` of a page that asks for a passkey."""
        client_data = self._client_data("webauthn.get", options)
        auth_data = AuthenticatorData.create(RP_ID_HASH, FLAG.UP | FLAG.UV, 1)
        signed = self.key.sign(auth_data + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._credential(
            clientDataJSON=client_data,
            authenticatorData=auth_data,
            signature=signed,
            userHandle=websafe_decode(self.user_handle),
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        challenge = options["publicKey"]["challenge"]
        return CollectedClientData.create(kind, challenge, "http://localhost:8000")

    def _credential(self, **response: bytes) -> str:
        return json.dumps(
            {
                "type": "public-key",
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )


def options_on(page: bytes, name: str) -> dict[str, Any]:
    """Return the options that a page hands to the browser in its JSON block."""
    block = page.decode().split('<script id="js_data" type="application/json">')[1]
    options: dict[str, Any] = json.loads(block.split("</script>")[0])[name]
    return options
