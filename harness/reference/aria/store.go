package aria

import (
	"sync"
	"time"
)

// maxTokens bounds the tokens that are kept.
const maxTokens = 1 << 17

// store keeps the tokens. What has been released or has expired goes: at once, or at a request soon after its time.
type store struct {
	mu       sync.Mutex
	closed   bool
	tokens   map[string]*Token
	interval time.Duration
	keep     time.Duration
	swept    time.Time
}

// newStore makes a store that looks for expired tokens a few times in a lifetime, so that at no time are there many
// more than live ones, and not on every request.
func newStore(lifetime, keep time.Duration) store {
	return store{tokens: map[string]*Token{}, interval: min(lifetime/4, time.Minute), keep: keep}
}

// sweep drops what ended or expired, once every interval.
func (s *store) sweep(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.swept) < s.interval {
		return
	}
	s.swept = now
	for text, token := range s.tokens {
		ends := token.ExpiresAt
		if !token.EndedAt.IsZero() && token.EndedAt.Before(ends) {
			ends = token.EndedAt
		}
		if !now.Before(ends.Add(s.keep)) {
			delete(s.tokens, text)
		}
	}
}

// add keeps a token, and reports false where there is no room for it.
func (s *store) add(token Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.tokens) >= maxTokens {
		return false
	}
	s.tokens[token.Text] = &token
	return true
}

func (s *store) get(text string) (Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, found := s.tokens[text]
	if !found {
		return Token{}, false
	}
	return *token, true
}

func (s *store) all(match func(Token) bool) []Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Token
	for _, token := range s.tokens {
		if match(*token) {
			found = append(found, *token)
		}
	}
	return found
}

func (s *store) change(text string, change func(*Token)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token, found := s.tokens[text]; found {
		change(token)
	}
}

func (s *store) end(text string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, found := s.tokens[text]
	switch {
	case !found:
	case s.keep == 0:
		delete(s.tokens, text)
	case token.EndedAt.IsZero():
		token.EndedAt = now
	}
}

func (s *store) live(now time.Time) int {
	return len(s.all(func(t Token) bool { return t.Live(now) }))
}

// size counts the tokens, live or not.
func (s *store) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.tokens)
}

func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.tokens)
}
