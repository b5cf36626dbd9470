package adaxes

import (
	"encoding/base64"
	"strings"

	"example.org/conform/harness/reference/random"
)

// defaultTokenLength is above the 400 characters that the document warns of ("Alternative approach").
const defaultTokenLength = 416

// RandomID is an identifier of n random bytes, written in the URL-safe base64 alphabet that session and ticket ids have
// in the document's examples.
func RandomID(n int) string { return base64.RawURLEncoding.EncodeToString(random.Bytes(n)) }

// RandomToken is a random token of about the given number of characters: the next multiple of four, at least 16. It
// always holds '+', '/' and '=', so that a client or a server that forgets to encode or decode one is found out.
func RandomToken(length int) string {
	groups := max(4, (length+3)/4)
	for {
		token := base64.StdEncoding.EncodeToString(random.Bytes(groups*3 - 1)) // one byte short, for the padding
		if strings.Contains(token, "+") && strings.Contains(token, "/") {
			return token
		}
	}
}

// RandomGUID is a random (version 4) GUID in lower case, without braces.
func RandomGUID() string { return random.GUID() }
