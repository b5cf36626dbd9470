package hostile

import (
	"net"
	"strings"
)

// connections are answers that come late, in part, or not at all.
func connections() []row {
	both := []moment{always, later}
	some := []moment{always, later, often}
	half := func(t *turn) bool {
		return t.say(text(t.line() + t.fields() + t.length() + "\r\n" + t.body()[:len(t.body())/2]))
	}
	return []row{
		{"never-answers", "takes every request and answers none", (*turn).hold, some},
		{"head-slow", "a byte of the header section a second", func(t *turn) bool {
			return t.say(text(t.line()+"X-Odd: "), slowly("a"))
		}, both},
		{"status-line-slow", "a byte of the status line a second", func(t *turn) bool { return t.say(text("HTTP/1.1 200 "), slowly("a")) }, []moment{always}},
		{"body-slow", "a byte of the body a second", framed("", func(*turn) pieces { return slowly(" ") }), both},
		{"stalls-after-head", "a header section, and no body after it", func(t *turn) bool {
			t.say(text(t.line() + t.fields() + t.length() + "\r\n"))
			return t.hold()
		}, both},
		{"stalls-in-body", "half of a body, and no more", held(half), []moment{always, granting}},
		{"stalls-in-status-line", "half of a status line, and no more", held(func(t *turn) bool { return t.say(text("HTTP/1.")) }), []moment{always}},
		{"closes", "closes the connection without an answer", func(*turn) bool { return false }, some},
		{"closes-in-head", "closes the connection in the header section", func(t *turn) bool { return t.say(text(t.line()+"Content-")) && false }, []moment{always, often}},
		{"closes-in-body", "closes the connection in the body", func(t *turn) bool { return half(t) && false }, []moment{always, granting}},
		{"resets", "resets the connection without an answer", reset, some},
		{"resets-in-body", "resets the connection in the body", func(t *turn) bool {
			half(t)
			_ = t.Out.Flush()
			return reset(t)
		}, []moment{always, granting}},
		{"resets-after-answer", "resets the connection with the answer under way", func(t *turn) bool {
			t.plain()
			_ = t.Out.Flush()
			return reset(t)
		}, []moment{often}},
		{"answer-in-a-byte-each", "each byte of an answer in a segment of its own", func(t *turn) bool {
			for i := range len(t.Answer.Text()) {
				if !t.say(text(t.Answer.Text()[i:i+1]), text("")) {
					return false
				}
			}
			return true
		}, []moment{granting}},
		{"goes-on-after-answer", "noise without an end after each answer", func(t *turn) bool { return t.plain() && t.say(endless("noise ")) }, []moment{always}},
		{"goes-on-in-answers", "answers to nothing without an end after each answer", func(t *turn) bool {
			return t.plain() && t.say(endless("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
		}, []moment{always}},
		{"blank-lines-first", "blank lines without an end before each answer", func(t *turn) bool { return t.say(endless(strings.Repeat("\r\n", 100))) }, []moment{always}},
	}
}

// reset ends a connection so that what is under way on it is lost.
func reset(t *turn) bool {
	conn := t.Conn
	if secured, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secured.NetConn()
	}
	if plain, ok := conn.(*net.TCPConn); ok {
		_ = plain.SetLinger(0)
	}
	_ = t.Conn.Close()
	return false
}
