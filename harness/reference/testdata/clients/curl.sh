#!/usr/bin/env bash
# The authentication process with curl. Prints each step and its status.
# BASE_URL, LOGON_NAME, PASSWORD, OBJECT; TYPE is "0" where the release wants the member type; MODE is full or alternative.
set -euo pipefail
answer=$(mktemp -d)
trap 'rm -rf "$answer"' EXIT

# call STEP ARGUMENT …: one request; the body and the headers stay in files.
call() {
	local step=$1 status
	shift
	status=$(curl --silent --show-error --output "$answer/body" --dump-header "$answer/headers" --write-out '%{http_code}' "$@")
	echo "$step $status"
}
quoted() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }
member() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" "$answer/body"; }
read_object() {
	local step=$1 credential=$2
	shift 2
	call "$step" --get --header "Adm-Authorization: $credential" --data-urlencode "directoryObject=$OBJECT" "$@" "$BASE_URL/api/directoryObjects"
}
json='Content-Type: application/json'

printf '{"username": "%s", "password": "%s"}' "$(quoted "$LOGON_NAME")" "$(quoted "$PASSWORD")" >"$answer/login"
call create --header "$json" --data-binary "@$answer/login" "$BASE_URL/api/authSessions/create"
session=$(member sessionId)
call obtain --header "$json" --data-binary "{\"sessionId\": \"$session\"${TYPE:+, \"type\": $TYPE}}" "$BASE_URL/api/auth"
token=$(member token)

if [ "$MODE" = alternative ]; then
	id=$(member id)
	service=$(sed -n 's/^[Aa]dm-[Ss]ervice: *\([^\r]*\)\r*$/\1/p' "$answer/headers")
	for _ in 1 2 3 4; do
		read_object read "$id" --header "Adm-Service: $service"
	done
	for _ in 1 2; do
		read_object stray "$id"
	done
else
	read_object read "$token"
	call renew --request PATCH --get --header "Adm-Authorization: $token" --data-urlencode "token=$token" "$BASE_URL/api/auth"
	old=$token
	token=$(member token)
	read_object read "$token"
	call destroy-old --request DELETE --get --header "Adm-Authorization: $token" --data-urlencode "token=$old" "$BASE_URL/api/auth"
fi
call terminate --request DELETE --get --data-urlencode "id=$session" "$BASE_URL/api/authSessions"
call destroy --request DELETE --get --header "Adm-Authorization: $token" --data-urlencode "token=$token" "$BASE_URL/api/auth"
read_object rejected "$token"
