// In your backend, standard library only.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

type user struct{ id, name, plan string }

// Yours: whoever is signed in with you, from your own session; never from what the browser says.
func signedIn(*http.Request) user {
	return user{"customer-42", "Ada Lovelace", "team"}
}

func identityToken(response http.ResponseWriter, request *http.Request) {
	user := signedIn(request)
	asked, err := json.Marshal(map[string]any{
		"product_id":          os.Getenv("MINTMARK_PRODUCT"),
		"verification_secret": os.Getenv("MINTMARK_VERIFICATION_SECRET"),
		"user_id":             user.id,
		"name":                user.name,
		"metadata":            map[string]string{"plan": user.plan},
	})
	if err != nil {
		log.Fatal(err)
	}
	response.Header().Set("Content-Type", "application/json")
	response.Header().Set("Cache-Control", "no-store")
	answer, err := http.Post(os.Getenv("MINTMARK_URL")+"/v1/auth/user-token", "application/json", bytes.NewReader(asked))
	if err != nil {
		log.Print(err)
		http.Error(response, `{"error":"Token generation failed"}`, http.StatusInternalServerError)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		log.Printf("%s", body) // for your log, not for the page
		http.Error(response, `{"error":"Token generation failed"}`, http.StatusInternalServerError)
		return
	}
	response.Write(body)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/identity-token", identityToken)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
