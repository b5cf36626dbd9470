package pyramid

import (
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/reference/random"
)

// Token is a security token that a server has issued.
type Token struct {
	Text      string
	Account   Account
	ExpiresAt time.Time
}

// Live reports whether the token works at a time.
func (t Token) Live(now time.Time) bool { return now.Before(t.ExpiresAt) }

// tokens are those that a server has issued. What has expired goes when new ones come.
type tokens struct {
	mu  sync.Mutex
	all map[string]Token
}

func (t *tokens) add(token Token, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for text, old := range t.all {
		if !old.Live(now) {
			delete(t.all, text)
		}
	}
	t.all[token.Text] = token
}

func (t *tokens) find(text string) (Token, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	token, found := t.all[text]
	return token, found
}

func (t *tokens) list() []Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]Token, 0, len(t.all))
	for _, token := range t.all {
		list = append(list, token)
	}
	return list
}

func (t *tokens) end(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, text)
}

func (t *tokens) live(now time.Time) int {
	n := 0
	for _, token := range t.list() {
		if token.Live(now) {
			n++
		}
	}
	return n
}

func (t *tokens) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.all)
}

// RandomToken is a random token of about the given number of characters, in the base64 of RFC 4648, section 4. It
// always holds '+', '/' and '=', so that a client or a server that treats one of them specially is found out.
func RandomToken(length int) string {
	for {
		text := base64.StdEncoding.EncodeToString(random.Bytes(max(length/4, 4)*3 - 1)) // one byte short of a group, for the padding
		if strings.Contains(text, "+") && strings.Contains(text, "/") {
			return text
		}
	}
}
