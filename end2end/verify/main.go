// Judges a token by the published keys with Go's standard library alone: JWKS URL, issuer, audience, kind and type as arguments, the
// token on stdin. Prints the claims, or says why not and exits with 1.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"
)

type key struct{ Kid, Alg, Kty, Crv, X, Y, N, E string }

func main() {
	log.SetFlags(0)
	jwks, issuer, audience, kind, typ := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	text, err := io.ReadAll(os.Stdin)
	check(err)
	parts := strings.Split(strings.TrimSpace(string(text)), ".")
	if len(parts) != 3 {
		log.Fatal("not a token")
	}
	var header struct{ Alg, Kid, Typ string }
	check(json.Unmarshal(raw(parts[0]), &header))
	if header.Typ != typ {
		log.Fatal("another type: ", header.Typ)
	}
	if !signed(published(jwks, header.Kid), header.Alg, []byte(parts[0]+"."+parts[1]), raw(parts[2])) {
		log.Fatal("InvalidSignatureError")
	}
	var claims struct {
		Iss, Aud, Kind, Sub, Jti string
		Iat, Nbf, Exp            int64
	}
	check(json.Unmarshal(raw(parts[1]), &claims))
	now := time.Now().Unix()
	if claims.Iss != issuer || claims.Aud != audience || claims.Kind != kind || claims.Sub == "" || claims.Jti == "" {
		log.Fatal("not for here: ", claims)
	}
	if now >= claims.Exp || claims.Iat > now+30 || claims.Nbf > now+30 {
		log.Fatal("not now")
	}
	os.Stdout.Write(raw(parts[1]))
}

func published(jwks, kid string) key {
	response, err := http.Get(jwks)
	check(err)
	defer response.Body.Close()
	var set struct{ Keys []key }
	check(json.NewDecoder(response.Body).Decode(&set))
	for _, one := range set.Keys {
		if one.Kid == kid {
			return one
		}
	}
	log.Fatal("no such key: ", kid)
	return key{}
}

// The algorithm is the key's own; what the header says must be the same.
func signed(by key, alg string, message, signature []byte) bool {
	if by.Alg != alg {
		return false
	}
	digest := sha256.Sum256(message)
	switch alg {
	case "ES256":
		public := ecdsa.PublicKey{Curve: elliptic.P256(), X: number(by.X), Y: number(by.Y)}
		if by.Crv != "P-256" || len(signature) != 64 || !public.Curve.IsOnCurve(public.X, public.Y) {
			return false
		}
		return ecdsa.Verify(&public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	case "EdDSA":
		return by.Crv == "Ed25519" && ed25519.Verify(ed25519.PublicKey(raw(by.X)), message, signature)
	case "RS256":
		public := rsa.PublicKey{N: number(by.N), E: int(number(by.E).Int64())}
		return rsa.VerifyPKCS1v15(&public, crypto.SHA256, digest[:], signature) == nil
	}
	return false
}

func number(text string) *big.Int { return new(big.Int).SetBytes(raw(text)) }

func raw(part string) []byte {
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	check(err)
	return bytes
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
