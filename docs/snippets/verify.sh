# A shell cannot verify a signature, so this asks Mintmark, as a
# page of that origin does. It sees a revocation at once.
answer=$(curl --fail-with-body --silent --show-error "$MINTMARK_URL/widget/session" \
  --header "authorization: Bearer $MINTMARK_TOKEN" \
  --header "origin: $MINTMARK_ORIGIN")
status=$?
echo "$answer"
# Mintmark answers for every tenant that it serves: without this
# line any of their tokens would pass.
test $status -eq 0 && echo "$answer" | grep -qF "\"tenant_id\":\"$MINTMARK_AUDIENCE\""
