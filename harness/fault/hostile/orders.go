package hostile

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// orders are answers that come out of turn, and moments that are none.
func orders() []row {
	once := []moment{always}
	dated := func(date string) says {
		return func(t *turn) bool {
			t.Answer.Header.Set("Date", date)
			return t.plain()
		}
	}
	until := func(moment string, number int64) says {
		return func(t *turn) bool {
			t.Answer.Body = redated(t.Answer.Body, moment, number)
			return t.plain()
		}
	}
	return []row{
		{"another-s-answer", "gives each request the answer to the one before, whoever sent it", func(t *turn) bool {
			if t.before != nil {
				t.Answer = *t.before
			}
			return t.plain()
		}, []moment{always, often}},
		{"answers-twice", "gives each answer twice", func(t *turn) bool { return t.say(text(t.Answer.Text())) && t.plain() }, []moment{always, often}},
		{"answers-two-more", "gives two refusals behind each answer", func(t *turn) bool {
			return t.say(text(t.Answer.Text()), times(2, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
		}, once},
		{"forgets-now-and-then", "forgets the body of an answer", func(t *turn) bool {
			t.Answer.Body = nil
			return t.plain()
		}, []moment{often}},
		{"date-garbage", "a Date that is none", dated("yesterday\x1b[31m"), once},
		{"date-year-0", "a Date in the year 0", dated("Sat, 01 Jan 0000 00:00:00 GMT"), once},
		{"date-year-9999", "a Date in the year 9999", dated("Fri, 31 Dec 9999 23:59:59 GMT"), once},
		{"date-about", "Dates that jump by years", func(t *turn) bool {
			return dated(time.Now().AddDate(int(time.Now().UnixNano()%200)-100, 0, 0).UTC().Format(http.TimeFormat))(t)
		}, once},
		{"moments-in-9999", "every moment in a body in 9999", until("9999-12-31T23:59:59.9999999Z", 1<<62), once},
		{"moments-in-year-1", "every moment in a body in the year 1", until("0001-01-01T00:00:00Z", -1<<62), once},
		{"moments-beyond", "every moment in a body beyond what there is", until("+292277026596-12-04T15:30:07Z", 1<<62), once},
		{"moments-garbage", "no moment in a body is one", until("\x1b[31mnever", 0), once},
	}
}

// redated has other moments in place of those that a body names.
func redated(body []byte, moment string, number int64) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return body
	}
	quoted, _ := json.Marshal(moment) // a string can be written
	changed := false
	for name, raw := range members {
		var s string
		var n int64
		switch {
		case json.Unmarshal(raw, &s) == nil && len(s) > 18 && s[4] == '-' && s[10] == 'T':
			members[name], changed = quoted, true
		case json.Unmarshal(raw, &n) == nil && n > 1e12:
			members[name], changed = json.RawMessage(strconv.FormatInt(number, 10)), true
		}
	}
	if !changed {
		return body
	}
	out, err := json.Marshal(members)
	if err != nil {
		return body
	}
	return out
}
