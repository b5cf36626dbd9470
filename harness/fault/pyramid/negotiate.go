package pyramid

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// negotiateFaults take tokens for a login's that nobody was given.
var negotiateFaults = overrides{
	"anything-behind-negotiate-taken": takenToken(func(token []byte) bool {
		return !bytes.HasPrefix(token, []byte("NTLMSSP\x00")) && !bytes.HasPrefix(token, []byte{0x60}) && !bytes.HasPrefix(token, []byte{0xa1})
	}),
	"tickets-unread": takenToken(func(token []byte) bool {
		const kerberos = "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" // the mechanism's identifier
		return bytes.HasPrefix(token, []byte{0x60}) && bytes.Contains(token, []byte(kerberos))
	}),
	"proof-to-no-challenge-taken": func(c *config) {
		challenged := onChallenged(c, func(*call, *answer) {})
		c.Rules.Anonymous = func(c *call) (account, bool) {
			return c.Accounts().Admin, thirdMessage(c) != nil && whole(thirdMessage(c)) && !challenged(c)
		}
	},
}

// takenToken takes a token behind Negotiate for the administrator's that Windows Authentication has refused.
func takenToken(is func(token []byte) bool) override {
	return func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			scheme, text, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
			token, err := base64.StdEncoding.DecodeString(text)
			return c.Accounts().Admin, err == nil && len(token) > 0 && c.Login.Tried && strings.EqualFold(scheme, "Negotiate") && is(token)
		}
	}
}
