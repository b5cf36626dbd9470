"""Logs in to Pyramid by requests-ntlm and makes a call, and prints what came: the status, the token where there is one, and that of the call."""
import json
import os

import requests
from requests_ntlm import HttpNtlmAuth

session = requests.Session()
session.auth = HttpNtlmAuth(os.environ["NAME"], os.environ["PASSWORD"])
answer = session.post(
    os.environ["URL"] + "/API2/auth/authenticateUserWindows",
    data="null",
    headers={"Content-Type": "application/json"},
    verify=os.environ.get("AUTHORITY") or True,
)
if not answer.ok:
    print(answer.status_code)
else:
    call = requests.post(
        os.environ["URL"] + os.environ["PROBE"],
        json=json.loads(os.environ["BODY"]) | {"auth": answer.text},
        verify=os.environ.get("AUTHORITY") or True,
    )
    print(answer.status_code, answer.text, call.status_code)
