package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.org/conform/harness/judge"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// clientFlags are those of serve by which clients are judged.
type clientFlags struct {
	judging
	wanted  bool
	weather string
	lasts   time.Duration
	address string
	judge   *judge.Judge
}

func (f *clientFlags) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.wanted, "judge", false, "judge the clients: at the end (Ctrl-C, --for, or a GET of the address that is the second line of the output) "+
		"there is a verdict, as of a run")
	flags.StringVar(&f.weather, "weather", "", "weather that clients have to get on with: on, off, or the seed of one that was (default: on with --judge, off without)")
	flags.DurationVar(&f.lasts, "for", 0, "how long to serve (5m), for --judge; 0 until it is ended otherwise")
	flags.StringVar(&f.address, "verdict-addr", "127.0.0.1:0", "address at which a GET ends the judging and gets the report, for --judge")
	flags.StringVar(&f.out, "out", "reports/run", "folder for the reports of --judge")
	flags.StringSliceVar(&f.reports, "reports", nil, "write these reports only ("+strings.Join(reports.Files(), ", ")+")")
	flags.StringVar(&f.failOn, "fail-on", "must", "what --judge ends with 1 for: must, or should as well")
}

// vet reads what the flags say of judging and of the weather.
func (f *clientFlags) vet(cmd *cobra.Command, o *reference.Options) error {
	if !f.wanted {
		for _, name := range []string{"for", "verdict-addr", "out", "reports", "fail-on"} {
			if cmd.Flags().Changed(name) {
				return fmt.Errorf("--%s is for --judge; give that too", name)
			}
		}
	}
	if f.lasts < 0 {
		return fmt.Errorf("--for %s: give a time such as 5m", f.lasts)
	}
	if err := cmp.Or(oneOf("--reports", reports.Files(), f.reports...), oneOf("--fail-on", gates, strings.ToLower(f.failOn))); err != nil {
		return err
	}
	f.gate, f.ofClients = verdict.Level(strings.ToUpper(f.failOn)), true
	switch f.weather {
	case "off":
	case "":
		if f.wanted {
			o.Weather = 1 + rand.Uint64N(1<<32)
		}
	case "on":
		o.Weather = 1 + rand.Uint64N(1<<32)
	default:
		seed, err := strconv.ParseUint(f.weather, 10, 63)
		if err != nil || seed == 0 {
			return errors.New("--weather: give on, off, or a seed from 1 on")
		}
		o.Weather = seed
	}
	if !f.wanted {
		return nil
	}
	var err error
	if f.brought != nil {
		f.judge = judge.New(f.brought.Contract, f.brought.Catalogue)
	} else {
		f.judge, err = judge.ForProfile(o.Profile)
	}
	o.Judge = f.judge
	return err
}

// await serves until somebody wants the verdict, and gives it. The error carries the exit code.
func (f *clientFlags) await(cmd *cobra.Command, server *reference.Server) error {
	started := time.Now()
	by, err := f.judgedBy([]string{server.Target().Profile})
	if err != nil {
		return err
	}
	folder, err := take(f.out, f.reports)
	if err != nil {
		return fmt.Errorf("--out %s: %w", f.out, err)
	}
	defer folder.release()
	desk, err := open(f.address)
	if err != nil {
		return fmt.Errorf("--verdict-addr: %w", err)
	}
	defer desk.close()
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "verdict %s\n", desk.url); err != nil {
		return fmt.Errorf("printing the address of the verdict: %w", err)
	}
	ctx, cancel := cmd.Context(), context.CancelFunc(func() {})
	if f.lasts > 0 {
		ctx, cancel = context.WithTimeout(ctx, f.lasts)
	}
	defer cancel()
	select {
	case <-ctx.Done():
	case <-desk.asked:
	}
	server.Close() // what is under way comes to its end, and counts
	run := server.Verdict()
	run.Catalogue, run.Contract = by[run.Profile].catalogue, by[run.Profile].contract
	report := (&verdict.Report{
		Schema: verdict.Schema, Suite: "conform " + version(), Started: started.UTC(), Finished: time.Now().UTC(), Complete: true, Runs: []verdict.Run{run},
	}).Redacted(f.judge.Scrub)
	lost := folder.write(report)
	f.written = folder.written
	text, err := folder.json(report)
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	desk.give(text)
	show := screen(cmd.OutOrStdout(), cmd.ErrOrStderr())
	show.summary(report, &f.judging)
	code := report.ExitCode(f.gate)
	switch {
	case lost != nil:
		return exitError{cmp.Or(code, verdict.ExitIncomplete), errors.New(f.judge.Scrub(lost.Error()))}
	case code != 0:
		return exitError{code: code}
	}
	return nil
}

// desk is where a verdict is asked for, apart from the API.
type desk struct {
	url    string
	asked  chan struct{} // somebody has
	report chan []byte   // what they get
	server *http.Server
}

func open(address string) (*desk, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	d := &desk{url: "http://" + listener.Addr().String() + "/", asked: make(chan struct{}, 1), report: make(chan []byte, 1)}
	d.server = &http.Server{Handler: d, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = d.server.Serve(listener) }()
	return d, nil
}

// ServeHTTP ends the judging and gives the report.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	select {
	case d.asked <- struct{}{}:
	default: // somebody else has
	}
	select {
	case report := <-d.report:
		d.report <- report // others may ask too
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.Copy(w, bytes.NewReader(report))
	case <-r.Context().Done():
	}
}

func (d *desk) give(report []byte) { d.report <- report }

// close ends it when those who have asked have their report.
func (d *desk) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if d.server.Shutdown(ctx) != nil {
		_ = d.server.Close()
	}
}
