package adaxes

import (
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/target"
)

// never is when a token expires that does not, as far as anybody sees.
const never = 10 * 365 * 24 * time.Hour

// giveTokens makes what an administrator makes by New-AdmAccountToken, before the server is asked anything: a token for each account that
// may log in, and two that are over, one by Remove-AdmAccountToken and one by its time.
func (s *Server) giveTokens() {
	s.given = map[string]Ticket{}
	now := s.config.Clock()
	give := func(name string, account Account) Ticket {
		ticket := Ticket{Token: s.rules.Tickets.NewToken(), Account: account, IssuedAt: now, Life: kernel.Life{ExpiresAt: now.Add(never)}}
		ticket.First = ticket.Token
		s.tickets.Add(ticket)
		s.given[name] = ticket
		return ticket
	}
	give("", s.accounts[Ordinary])
	give(target.AnotherToken, s.accounts[target.OddPassword])
	s.tickets.End(give(target.EndedToken, s.accounts[Ordinary]).Token, now)
	s.tickets.Expire(give(target.LapsedToken, s.accounts[Ordinary]).Token, now)
}

// describeTokens describes the accounts by their tokens: nobody logs in.
func (s *Server) describeTokens(t *target.Target) {
	t.Accounts, t.Lifetimes, t.MaxWait = map[string]target.Account{}, target.Lifetimes{}, 0
	for name, ticket := range s.given {
		t.Accounts[name] = target.Account{Username: ticket.Account.Username, Token: target.Secret(ticket.Token)}
	}
	t.Account = t.Accounts[""]
	delete(t.Accounts, "")
}

// Live counts what works of what the server has handed out itself.
func (s *Server) Live() (sessions, tokens int) {
	sessions, tokens = s.Server.Live()
	if s.given != nil {
		tokens = 0
	}
	return sessions, tokens
}
