// In your backend, standard library only.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
)

func main() {
	ttl, err := strconv.Atoi(os.Getenv("MINTMARK_TTL"))
	if err != nil {
		log.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{
		"organization_id": os.Getenv("MINTMARK_ORGANIZATION"),
		"scope":           []string{os.Getenv("MINTMARK_SCOPE")},
		"origins":         []string{os.Getenv("MINTMARK_ORIGIN")},
		"ttl_seconds":     ttl,
	})
	if err != nil {
		log.Fatal(err)
	}
	request, err := http.NewRequest("POST", os.Getenv("MINTMARK_URL")+"/v1/widget-tokens", bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("MINTMARK_API_KEY"))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct{ Token, Code, Message string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusCreated {
		log.Fatalf("%s: %s", answer.Code, answer.Message)
	}
	// Render it into the page; never keep it in the browser.
	fmt.Println(answer.Token)
}
