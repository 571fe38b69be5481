# Signs in, makes an organization, its origin and an API key, and prints them as the other snippets want them:
#   eval "$(sh docs/snippets/prepare.sh)"
set -eu
url=${MINTMARK_URL:-http://127.0.0.1:3000}
origin=${MINTMARK_ORIGIN:-http://localhost:4010}
token='' tenant=''

# Asked for, so that no password stands in a history or a list of processes.
ask() {
  printf '%s: ' "$1" >&2
  IFS= read -r answer || true
}
json() { printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"; }
# send PATH BODY, and METHOD where it is not POST; the answer is in $said.
send() {
  set -- "$url$1" "$2" --request "${3:-POST}" --header "content-type: application/json"
  if [ -n "$token" ]; then set -- "$@" --header "authorization: Bearer $token" --header "x-mintmark-tenant: $tenant"; fi
  address=$1 body=$2
  shift 2
  said=$(printf %s "$body" | curl --fail-with-body --silent --show-error "$address" "$@" --data @-) || {
    echo "$address: $said" >&2
    exit 1
  }
}
field() { printf %s "$said" | grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }

ask E-mail
email=$(json "$answer")
if [ -t 0 ]; then
  trap 'stty echo' EXIT
  stty -echo
fi
ask Password
password=$(json "$answer")
if [ -t 0 ]; then
  stty echo
  echo >&2
fi
ask "Second factor's code, if you have one"
code=${answer:+, \"code\": $(json "$answer")}

send /v1/sessions "{\"email\": $email, \"password\": $password$code}"
token=$(field token)
slug=$(field slug)
tenant=$(printf %s "$said" | grep -o 'ten_[0-9a-f]*' | head -n 1)
# The switch lets plain http in, from this machine only. Leave it off in production.
send /v1/organizations '{"name": "First customer", "allow_development_origins": true}'
organization=$(field id)
send "/v1/organizations/$organization/origins" "{\"origin\": $(json "$origin")}"
send /v1/api-keys '{"name": "First backend", "role": "admin"}'

cat <<END
export MINTMARK_URL='$url'
export MINTMARK_ISSUER='$url/t/$slug'
export MINTMARK_AUDIENCE='$tenant'
export MINTMARK_ORGANIZATION='$organization'
export MINTMARK_SCOPE='directory_sync'
export MINTMARK_ORIGIN='$origin'
export MINTMARK_TTL='1800'
export MINTMARK_API_KEY='$(field key)'
END
