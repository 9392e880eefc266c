#!/bin/sh
# Reports an address in the sandbox and asks how far the report has come. Usage: sh report.sh [URL OF THE PLATFORM]
set -eu
api="${1:-http://localhost:4000}/graphql"

# One key for each report, which nobody can guess: sent again after a cut, it gets the same receipt.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
receipt=$(curl -s "$api" -H 'content-type: application/json' -d "{
  \"documentId\": \"submit-report.1\",
  \"variables\": { \"input\": {
    \"portal\": \"sandbox\",
    \"address\": \"https://in-progress.sandbox.test/\",
    \"idempotencyKey\": \"$key\"
  } }
}")
echo "$receipt"

# The access code is a secret: never put it into an address, a cookie or a log.
code=$(echo "$receipt" | sed -n 's/.*"accessCode":"\([0-9 ]*\)".*/\1/p')
curl -s "$api" -H 'content-type: application/json' -d "{
  \"documentId\": \"report-status.1\",
  \"variables\": { \"accessCode\": \"$code\" }
}"
