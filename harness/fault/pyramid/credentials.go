package pyramid

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/random"
)

// credentialFaults get wrong who may have a token, and untie a login from its connection.
var credentialFaults = overrides{
	"anonymous-token": func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			return c.Accounts().Admin, !c.Login.Tried && !c.Login.Continues
		}
	},
	"token-in-refusal": page(func(c *call, a *answer) {
		a.Body = []byte("<html><script>var config = {token: '" + c.Issue(c.Accounts().Admin).Text + "'}</script></html>")
	}),
	"cookie-in-refusal": page(func(c *call, a *answer) { a.Header.Set("Set-Cookie", "PyramidAuth="+c.Issue(c.Accounts().Viewer).Text) }),
	"guest": func(c *config) {
		c.Rules.Find = func(a pyramid.Accounts, domain, user string) (account, bool) {
			if named, known := a.Named(domain, user); known {
				return named, true
			}
			return a.Viewer, true
		}
		c.Rules.Proven = func(_ *http.Request, p *ntlm.Proof, a account) bool {
			return p.Matches(ntlm.HashOf(a.Password)) || !strings.EqualFold(p.User, a.Name)
		}
	},
	"any-password-without-rights": proven(func(_ *http.Request, p *ntlm.Proof, a account) bool {
		return a.Name != "" && !a.Admin || p.Matches(ntlm.HashOf(a.Password))
	}),
	"password-without-rights-in-any-case": proven(func(_ *http.Request, p *ntlm.Proof, a account) bool {
		return a.Name != "" && !a.Admin && p.Matches(ntlm.HashOf(fault.OtherCase(a.Password))) || p.Matches(ntlm.HashOf(a.Password))
	}),
	"wrong-password-unchallenged":  unchallenged(true),
	"unknown-account-unchallenged": unchallenged(false),
	"proof-on-a-warm-connection-unread": func(c *config) {
		var warm sync.Map // connections, by address
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if p.Matches(ntlm.HashOf(a.Password)) {
				warm.Store(r.RemoteAddr, true)
				return true
			}
			_, is := warm.Load(r.RemoteAddr)
			return is
		}
	},
	"connection-logged-in-by-a-refused-proof": func(c *config) {
		var named sync.Map // connections, by address
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if a.Name != "" {
				named.Store(r.RemoteAddr, a)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		c.Rules.Anonymous = func(c *call) (account, bool) {
			of, known := named.Load(c.Request.RemoteAddr)
			found, _ := of.(account)
			return found, known && c.Request.Header.Get("Authorization") == ""
		}
	},
	"proof-on-anothers-connection-unread": func(c *config) {
		var users sync.Map // names, by connection
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			first, known := users.Load(r.RemoteAddr)
			right := p.Matches(ntlm.HashOf(a.Password))
			if right {
				users.Store(r.RemoteAddr, a.Name)
			}
			return right || known && first != a.Name
		}
	},
	"proof-in-spnego-unread": func(c *config) {
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			_, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			return p.Matches(ntlm.HashOf(a.Password)) || a.Name != "" && !strings.HasPrefix(text, "TlRMTVNTUA") // NTLMSSP, in base64
		}
	},
	"proof-of-version-one-unread": func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			const response, versionOne = 20, 24 // [MS-NLMP], 2.2.1.3 and 2.2.2.6
			message := thirdMessage(c)
			return c.Accounts().Admin, message != nil && whole(message) && binary.LittleEndian.Uint16(message[response:]) == versionOne
		}
	},
	"last-byte-of-a-proof-unread": proven(func(_ *http.Request, p *ntlm.Proof, a account) bool {
		return p.MatchesBut(ntlm.HashOf(a.Password), 1)
	}),
	"proof-under-negotiate-unread": func(c *config) {
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			return p.Matches(ntlm.HashOf(a.Password)) || a.Name != "" && strings.HasPrefix(r.Header.Get("Authorization"), "Negotiate")
		}
	},
	"cookie-of-a-login-logs-in": func(c *config) {
		const name = "ASP.NET_SessionId"
		var sessions sync.Map // accounts, by cookie
		issued(func(a *answer) {
			id := random.ID(16)
			sessions.Store(id, a.Token.Account)
			a.Header.Add("Set-Cookie", name+"="+id+"; Path=/; HttpOnly")
		})(c)
		c.Rules.Anonymous = func(c *call) (account, bool) {
			cookie, err := c.Request.Cookie(name)
			if err != nil {
				return account{}, false
			}
			of, known := sessions.Load(cookie.Value)
			found, _ := of.(account)
			return found, known
		}
	},
	"connection-logged-in-by-a-challenge": func(c *config) {
		challenged := onChallenged(c, func(*call, *answer) {})
		c.Rules.Anonymous = func(c *call) (account, bool) {
			return c.Accounts().Admin, challenged(c) && c.Request.Header.Get("Authorization") == ""
		}
	},
	"stranger-let-in-after-a-wrong-token": func(c *config) {
		var wrong atomic.Bool
		var strange sync.Map // requests
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if a.Name == "" {
				strange.Store(r, true)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		seams.Edit(func(c *call, a *answer) {
			if c.Operation == pyramid.Probe && a.Status == http.StatusUnauthorized {
				wrong.Store(true)
			}
		})(c)
		c.Rules.Anonymous = func(c *call) (account, bool) {
			_, is := strange.LoadAndDelete(c.Request)
			return c.Accounts().Admin, is && wrong.Swap(false)
		}
	},
	"stale-cookie-crashes": seams.Edit(func(c *call, a *answer) {
		cookie, err := c.Request.Cookie("PyramidAuth")
		if err != nil || c.Operation != pyramid.Authenticate || a.Status != http.StatusOK {
			return
		}
		if _, known := c.FindToken(cookie.Value); !known {
			seams.Fail(a, http.StatusInternalServerError)
		}
	}),
	"token-of-a-path-in-small-letters-dead": giving(func(c *call, of account) (token, *pyramid.Refusal) {
		made := c.Issue(of)
		if strings.HasPrefix(c.Request.URL.Path, "/api") {
			c.End(made)
		}
		return made, nil
	}),
	"call-with-a-pair-of-surrogates-crashes": seams.Edit(func(c *call, a *answer) {
		wide := func(r rune) bool { return r > 0xffff }
		data, _ := json.Marshal(fault.Object(c.Body)["data"]) // it was made of JSON
		if c.Operation == pyramid.Probe && a.Status == http.StatusOK && bytes.ContainsFunc(data, wide) {
			seams.Fail(a, http.StatusInternalServerError)
		}
	}),
	"token-left-alone-refused-once": func(c *config) {
		var used sync.Map // when, by token
		c.Rules.FindToken = func(c *call, text string) (token, bool) {
			found, known := c.FindToken(text)
			before, was := used.Swap(found.Text, c.Now)
			last, _ := before.(time.Time)
			return found, known && !(was && c.Now.Sub(last) > 500*time.Millisecond)
		}
	},
	"first-message-without-ntlm-refused": seams.Edit(func(c *call, a *answer) {
		const flags, ntlmFlag = 12, 0x200 // [MS-NLMP], 2.2.1.1 and 2.2.2.5
		_, text, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
		message, err := base64.StdEncoding.DecodeString(text)
		first := err == nil && len(message) >= flags+4 && bytes.HasPrefix(message, []byte("NTLMSSP\x00\x01"))
		if first && binary.LittleEndian.Uint32(message[flags:])&ntlmFlag == 0 {
			a.Header["Www-Authenticate"] = []string{"Negotiate", "NTLM"}
		}
	}),
	"hollow-proof-taken":    nothingProved(func(name, response bool) bool { return name && !response }),
	"anonymous-proof-taken": nothingProved(func(name, response bool) bool { return !name && !response }),
	"broken-proof-crashes": func(c *config) {
		var challenged func(*call) bool
		challenged = onChallenged(c, func(c *call, a *answer) {
			if message := thirdMessage(c); message != nil && !whole(message) && challenged(c) {
				seams.Fail(a, http.StatusInternalServerError)
			}
		})
	},
	"third-login-on-a-connection-empty": onLoggedIn(func(c *call, a *answer, before int) {
		if c.Operation == pyramid.Authenticate && a.Status == http.StatusOK && before == 2 {
			a.Body = []byte{}
		}
	}),
	"token-for-a-name-in-other-letters-dead": func(c *config) {
		c.Rules.Find = func(a pyramid.Accounts, domain, user string) (account, bool) {
			found, known := a.Named(domain, user)
			if local, _, _ := strings.Cut(user, "@"); known && local != found.Name {
				found.Name = local
			}
			return found, known
		}
		giving(func(c *call, of account) (token, *pyramid.Refusal) {
			made := c.Issue(of)
			if c.Login.Account != of.Name {
				c.End(made)
			}
			return made, nil
		})(c)
	},
	"proof-elsewhere": func(c *config) {
		const most = 1024 // are remembered
		var mu sync.Mutex
		var kept []*ntlm.Exchange
		c.Rules.Begun = func(e *ntlm.Exchange) {
			mu.Lock()
			defer mu.Unlock()
			kept = append(kept, e)
			if len(kept) > most {
				kept = kept[1:]
			}
		}
		c.Rules.Candidates = func(*ntlm.Exchange) []*ntlm.Exchange {
			mu.Lock()
			defer mu.Unlock()
			return append([]*ntlm.Exchange{}, kept...)
		}
	},
}

// unchallenged offers no scheme after a wrong proof, for an account that there is or for one that there is not.
func unchallenged(known bool) override {
	return func(c *config) {
		var judged sync.Map // the requests with such a proof
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if (a.Name != "") == known {
				judged.Store(r, true)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		page(func(c *call, a *answer) {
			if _, is := judged.LoadAndDelete(c.Request); is && c.Login.Tried {
				delete(a.Header, "Www-Authenticate")
			}
		})(c)
	}
}

// onChallenged does something with every answer, and says of a call whether its connection has got a challenge.
func onChallenged(c *config, do func(*call, *answer)) func(*call) bool {
	var challenged sync.Map // connections, by address
	seams.Edit(func(c *call, a *answer) {
		if do(c, a); c.Login.Continues {
			challenged.Store(c.Request.RemoteAddr, true)
		}
	})(c)
	return func(c *call) bool {
		_, is := challenged.Load(c.Request.RemoteAddr)
		return is
	}
}

// nothingProved lets the administrator in by a proof without a response, by whether there is a name in it.
func nothingProved(is func(name, response bool) bool) override {
	return func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			message := thirdMessage(c)
			const response, name = 20, 36 // [MS-NLMP], 2.2.1.3
			if message == nil || !whole(message) {
				return account{}, false
			}
			long := func(at int) bool { return binary.LittleEndian.Uint16(message[at:]) > 0 }
			return c.Accounts().Admin, is(long(name), long(response))
		}
	}
}

// thirdMessage is that of a login by NTLM, nil where a request carries none.
func thirdMessage(c *call) []byte {
	_, text, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	message, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !c.Login.Tried || !bytes.HasPrefix(message, []byte("NTLMSSP\x00\x03")) {
		return nil
	}
	return message
}

// whole tells whether a message has its head, and its response is where it says.
func whole(message []byte) bool {
	const head, response = 64, 20
	if len(message) < head {
		return false
	}
	end := uint64(binary.LittleEndian.Uint32(message[response+4:])) + uint64(binary.LittleEndian.Uint16(message[response:]))
	return end <= uint64(len(message))
}
