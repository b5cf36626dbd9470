package hostile

import "strconv"

// lines are what stands where a status line should, and before it.
func lines() []row {
	both := []moment{always, later}
	once := []moment{always}
	rows := []row{
		{"status-line-endless", "a status line that does not end", begun(then(text("HTTP/1.1 200 "), endless("a"))), both},
		{"reason-of-900-kB", "a reason of 900 kB", reasoned(text(long(900_000, "a"))), both},
		{"reason-missing", "a status line without a reason", func(t *turn) bool {
			return begun(text("HTTP/1.1 " + strconv.Itoa(t.Answer.Status)))(t)
		}, once},
		{"status-line-garbage", "noise where a status line should be", begun(text(long(300, "\x00\xff\x1b[2J\x07%s%n{}"))), both},
		{"http-9-9", "HTTP/9.9", begun(text("HTTP/9.9 200 OK")), once},
		{"http-0-9", "a body and nothing else, as in HTTP/0.9", func(t *turn) bool { return t.say(text(t.body())) && false }, both},
		{"switching-protocols", "101 to every request, and the connection stays open", func(t *turn) bool {
			t.say(text("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"))
			return t.hold()
		}, both},
		{"interim-some-dozens", "fifty interim answers before each", func(t *turn) bool {
			return t.say(times(50, "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n")) && t.plain()
		}, once},
		{"interim-wide", "interim answers of 500 kB each, without an end", func(t *turn) bool {
			return t.say(endless("HTTP/1.1 103 Early Hints\r\nLink: <" + long(500_000, "/a") + ">\r\n\r\n"))
		}, once},
	}
	for _, status := range []string{"000", "99", "600", "999", "1000", "-200", "2e2"} {
		rows = append(rows, row{"status-" + status, "the status " + status, begun(text("HTTP/1.1 " + status + " Odd")), once})
	}
	for _, interim := range []string{"100 Continue", "102 Processing", "103 Early Hints"} {
		rows = append(rows, row{"interim-endless-" + interim[:3], "interim answers without an end, " + interim,
			func(t *turn) bool { return t.say(endless("HTTP/1.1 " + interim + "\r\n\r\n")) }, once})
	}
	return append(rows, row{"interim-slow", "an interim answer a second, and nothing after them",
		func(t *turn) bool { return t.say(slowly("HTTP/1.1 102 Processing\r\n\r\n")) }, both})
}
