"""The authentication process with Python's standard library. Prints each step and its status.

BASE_URL, LOGON_NAME, PASSWORD, OBJECT; TYPE is "0" where the release wants the member type; MODE is full or alternative.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

base = os.environ["BASE_URL"]


def call(step, method, path, query=None, body=None, headers=None):
    """Sends one request; returns the JSON of the answer, if any, and its headers."""
    url = base + path + ("?" + urllib.parse.urlencode(query) if query else "")
    headers = dict(headers or {})
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            status, content, answered = response.status, response.read(), response.headers
    except urllib.error.HTTPError as refused:
        status, content, answered = refused.code, refused.read(), refused.headers
    print(step, status)
    return (json.loads(content) if content else None), answered


def read_object(step, headers):
    call(step, "GET", "/api/directoryObjects", query={"directoryObject": os.environ["OBJECT"]}, headers=headers)


def destroy(step, token, holder):
    call(step, "DELETE", "/api/auth", query={"token": token}, headers={"Adm-Authorization": holder})


credentials = {"username": os.environ["LOGON_NAME"], "password": os.environ["PASSWORD"]}
session = call("create", "POST", "/api/authSessions/create", body=credentials)[0]["sessionId"]
wanted = {"sessionId": session}
if os.environ.get("TYPE"):
    wanted["type"] = int(os.environ["TYPE"])
ticket, headers = call("obtain", "POST", "/api/auth", body=wanted)
token = ticket["token"]

if os.environ["MODE"] == "alternative":
    for _ in range(4):
        read_object("read", {"Adm-Authorization": ticket["id"], "Adm-Service": headers["Adm-Service"]})
    for _ in range(2):
        read_object("stray", {"Adm-Authorization": ticket["id"]})
else:
    read_object("read", {"Adm-Authorization": token})
    old = token
    token = call("renew", "PATCH", "/api/auth", query={"token": old}, headers={"Adm-Authorization": old})[0]["token"]
    read_object("read", {"Adm-Authorization": token})
    destroy("destroy-old", old, token)

call("terminate", "DELETE", "/api/authSessions", query={"id": session})
destroy("destroy", token, token)
read_object("rejected", {"Adm-Authorization": token})
