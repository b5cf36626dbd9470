package player

import (
	"time"

	"example.org/conform/harness/target"
)

// longLived is a life that nobody sees the end of.
const longLived = 10 * 365 * 24 * time.Hour

// over are the accounts whose credentials are over from the beginning, by what a description calls them.
var over = []string{target.EndedToken, target.LapsedToken}

// give gives each account its credential, where the contract says that the target has such: an administrator has made them before the server
// was asked anything, and ended some.
func (s *Server) give() {
	kind := s.config.Contract.Given()
	if kind == "" {
		return
	}
	now := s.config.Clock()
	made := func(account string) Credential {
		one := Credential{Kind: kind, Text: newText(), Account: account, Since: now}
		one.ExpiresAt = now.Add(longLived)
		return one
	}
	for i := range s.accounts {
		one := made(s.accounts[i].Username)
		s.accounts[i].Token = one.Text
		s.records.Add(one)
	}
	s.over = map[string]string{}
	for _, name := range over {
		one := made(s.accounts[0].Username)
		s.over[name] = one.Text
		if s.records.Add(one); name == target.EndedToken {
			s.records.End(one.Kind+" "+one.Text, now)
			continue
		}
		s.records.Expire(one.Kind+" "+one.Text, now)
	}
}

// describeGiven fills a description with what accounts were given.
func (s *Server) describeGiven(t *target.Target) {
	if s.config.Contract.Given() == "" {
		return
	}
	t.Account = target.Account{Username: s.accounts[0].Username, Token: target.Secret(s.accounts[0].Token)}
	t.Accounts = map[string]target.Account{
		target.AnotherToken: {Username: s.accounts[1].Username, Token: target.Secret(s.accounts[1].Token)},
	}
	for name, text := range s.over {
		t.Accounts[name] = target.Account{Token: target.Secret(text)}
	}
}
