# pip install fastapi uvicorn
import json
import os
import urllib.error
import urllib.request

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


# Yours: whoever is signed in with you, from your own session; never from what the browser says.
def require_auth():
    return {"id": "customer-42", "name": "Ada Lovelace", "plan": "team"}


@app.get("/identity-token")
def identity_token(user: dict = Depends(require_auth)):
    asked = {
        "product_id": os.environ["MINTMARK_PRODUCT"],
        "verification_secret": os.environ["MINTMARK_VERIFICATION_SECRET"],
        "user_id": user["id"],
        "name": user["name"],
        "metadata": {"plan": user["plan"]},
    }
    request = urllib.request.Request(
        os.environ["MINTMARK_URL"] + "/v1/auth/user-token",
        data=json.dumps(asked).encode(),
        headers={"content-type": "application/json"},
    )
    headers = {"cache-control": "no-store"}
    try:
        with urllib.request.urlopen(request) as answer:
            return JSONResponse(json.load(answer), headers=headers)
    except urllib.error.HTTPError as refused:
        print(refused.read().decode())  # for your log, not for the page
        return JSONResponse({"error": "Token generation failed"}, status_code=500, headers=headers)


uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8080")))
