#!/bin/sh
# Prints a token that the gateway issues, for a portal without a key of its own.
#
#   GATEWAY=https://camera.phuong-lang.example:8443 SECRET=... \
#   CAMERA=lang-ha-thai-ha ORIGIN=https://portal.example OFFICER=cb-0042 NAME='Lê An' ./issue.sh
#
# SECRET is the portal's, which the gateway's administrator has made.
set -eu
printf 'header = "Authorization: Bearer %s"\n' "$SECRET" |
  curl --fail-with-body --silent --show-error ${CACERT:+--cacert "$CACERT"} --config - \
    --header 'Content-Type: application/json' \
    --data "$(printf '{"sub":"%s","name":"%s","cam":"%s","org":"%s"}' "$OFFICER" "$NAME" "$CAMERA" "$ORIGIN")" \
    "$GATEWAY/api/v1/embed-tokens" | sed 's/.*"token":"\([^"]*\)".*/\1/'
