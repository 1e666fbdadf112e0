#!/bin/sh
# Prints a token for one officer and one camera, for two minutes and one use,
# signed by your key. Needs openssl 3.
#
#   GATEWAY=https://camera.phuong-lang.example:8443 PORTAL=cong-quan KID=k1 KEY=portal.pem \
#   CAMERA=lang-ha-thai-ha ORIGIN=https://portal.example OFFICER=cb-0042 NAME='Lê An' ./sign.sh
set -eu
encode() { base64 | tr '+/' '-_' | tr -d '=\n'; }
now=$(date +%s)
header=$(printf '{"alg":"EdDSA","typ":"embed+jwt","kid":"%s"}' "$KID" | encode)
claims=$(printf '{"iss":"%s","aud":"%s","sub":"%s","name":"%s","cam":"%s","org":"%s","iat":%d,"exp":%d,"jti":"%s"}' \
  "$PORTAL" "$GATEWAY" "$OFFICER" "$NAME" "$CAMERA" "$ORIGIN" "$now" "$((now + 120))" "$(openssl rand -hex 16)" | encode)
text=$(mktemp)
trap 'rm -f "$text"' EXIT
printf '%s.%s' "$header" "$claims" >"$text"
printf '%s.%s.%s\n' "$header" "$claims" "$(openssl pkeyutl -sign -inkey "$KEY" -rawin -in "$text" | encode)"
