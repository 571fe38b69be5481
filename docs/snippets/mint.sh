# Run this in your backend. The answer's "token" goes into
# the page when you render it, and nowhere else.
curl --fail-with-body --silent --show-error "$MINTMARK_URL/v1/widget-tokens" \
  --header "authorization: Bearer $MINTMARK_API_KEY" \
  --header "content-type: application/json" \
  --data @- <<END
{
  "organization_id": "$MINTMARK_ORGANIZATION",
  "scope": ["$MINTMARK_SCOPE"],
  "origins": ["$MINTMARK_ORIGIN"],
  "ttl_seconds": $MINTMARK_TTL
}
END
