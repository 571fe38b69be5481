// Standard library only.
package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"os"
	"time"
)

func main() {
	text, err := os.ReadFile(os.Getenv("MINTMARK_BRIDGE_KEY_FILE"))
	if err != nil {
		log.Fatal(err)
	}
	jti := make([]byte, 16) // a token opens one session, once
	rand.Read(jti)
	now := time.Now().Unix()
	header := map[string]any{"alg": os.Getenv("MINTMARK_BRIDGE_ALGORITHM"), "kid": os.Getenv("MINTMARK_BRIDGE_KEY"), "typ": "JWT"}
	claims := map[string]any{
		// Whoever is signed in with you, from your own session; never from what the browser says.
		"external_customer_id": "customer-42",
		"email":                "ada@example.com",
		"email_verified":       true,
		"name":                 "Ada Lovelace",
		"aud":                  os.Getenv("MINTMARK_AUDIENCE"),
		"jti":                  base64.RawURLEncoding.EncodeToString(jti),
		"iat":                  now,
		"exp":                  now + 300,
	}
	message := encode(header) + "." + encode(claims)
	signature, err := sign(bytes.TrimSpace(text), []byte(message))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message + "." + base64.RawURLEncoding.EncodeToString(signature))
}

func encode(part map[string]any) string {
	text, err := json.Marshal(part)
	if err != nil {
		log.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func sign(text, message []byte) ([]byte, error) {
	block, _ := pem.Decode(text)
	if block == nil { // An HS256 secret is used as its ASCII bytes; every other key is a private half in PKCS#8.
		mac := hmac.New(sha256.New, text)
		mac.Write(message)
		return mac.Sum(nil), nil
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(message)
	switch key := private.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			return nil, err
		}
		signature := make([]byte, 64)
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		return signature, nil
	case ed25519.PrivateKey:
		return ed25519.Sign(key, message), nil
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	}
	return nil, fmt.Errorf("not a key that Mintmark makes")
}
