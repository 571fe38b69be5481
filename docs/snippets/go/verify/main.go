// Standard library only. Handles ES256, which tenants sign with unless they chose otherwise.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	issuer, token := os.Getenv("MINTMARK_ISSUER"), os.Getenv("MINTMARK_TOKEN")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		log.Fatal("not a token")
	}
	var header struct{ Alg, Kid, Typ string }
	read(parts[0], &header)
	if header.Typ != "widget+jwt" || header.Alg != "ES256" {
		log.Fatal("not a widget token signed with ES256")
	}

	response, err := http.Get(issuer + "/.well-known/jwks.json") // keep it for five minutes
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	var set struct{ Keys []struct{ Kid, Alg, Crv, X, Y string } }
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		log.Fatal(err)
	}
	genuine := false
	for _, key := range set.Keys {
		if key.Kid != header.Kid || key.Alg != "ES256" || key.Crv != "P-256" {
			continue
		}
		public := ecdsa.PublicKey{Curve: elliptic.P256(), X: number(key.X), Y: number(key.Y)}
		digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		signature := raw(parts[2])
		if len(signature) == 64 && public.Curve.IsOnCurve(public.X, public.Y) {
			r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
			genuine = ecdsa.Verify(&public, digest[:], r, s)
		}
	}
	if !genuine {
		log.Fatal("the signature is not Mintmark's")
	}

	var claims struct {
		Iss, Aud, Kind string
		Nbf, Exp       int64
		Organization   string   `json:"organization_id"`
		Scope          []string `json:"widget_scope"`
		Origins        []string `json:"widget_origins"`
	}
	read(parts[1], &claims)
	now := time.Now().Unix()
	if claims.Iss != issuer || claims.Aud != os.Getenv("MINTMARK_AUDIENCE") || now >= claims.Exp || now+30 < claims.Nbf {
		log.Fatal("not for here, or not now")
	}
	// Other kinds of token carry the same signatures: without this line any of them would pass.
	if claims.Kind != "widget" {
		log.Fatal("not a widget token: ", claims.Kind)
	}
	fmt.Println(claims.Organization, claims.Scope, claims.Origins)
}

func read(part string, into any) {
	if err := json.Unmarshal(raw(part), into); err != nil {
		log.Fatal(err)
	}
}

func raw(part string) []byte {
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		log.Fatal(err)
	}
	return bytes
}

func number(text string) *big.Int {
	return new(big.Int).SetBytes(raw(text))
}
