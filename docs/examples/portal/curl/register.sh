#!/bin/sh
# Registers your portal at the gateway: for its administrator.
#
#   GATEWAY=https://camera.phuong-lang.example:8443 ADMIN=... PORTAL=cong-quan KID=k1 KEY=portal.pem \
#   AREA=phuong-lang ORIGIN=https://portal.example ./register.sh
#
# ADMIN is a bearer token that administers everything. Prints what the gateway has
# of the portal; "audience" is what its tokens must name as aud.
set -eu
public=$(openssl pkey -in "$KEY" -pubout -outform DER | tail -c 32 | base64 | tr '+/' '-_' | tr -d '=\n')
record=$(printf '{"name":"%s","origins":["%s"],"areas":["%s"],"keys":[{"kid":"%s","public":"%s"}]}' \
  "$PORTAL" "$ORIGIN" "$AREA" "$KID" "$public")
url="$GATEWAY/api/v1/portals/$PORTAL"
# The token goes by a file that only curl reads, so that no list of processes shows it.
printf 'header = "Authorization: Bearer %s"\n' "$ADMIN" |
  curl --fail-with-body --silent --show-error ${CACERT:+--cacert "$CACERT"} --config - \
    --request PUT --header 'Content-Type: application/json' --header 'If-None-Match: *' --data "$record" "$url"
printf 'header = "Authorization: Bearer %s"\n' "$ADMIN" |
  curl --fail-with-body --silent --show-error ${CACERT:+--cacert "$CACERT"} --config - "$url"
