package main

import (
	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
)

func newRun() *cobra.Command {
	var j judging
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Judge a target, or without one the embedded reference servers of every profile",
		Example: `  conform run
  CONFORM_USERNAME=svc@example.com CONFORM_PASSWORD=… conform run --target https://host/restApi
  conform run --target-file target.yaml --label-filter 'renewal && MUST'
  conform run --target-file target.yaml --waivers waivers.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := j.vet(); err != nil {
				return err
			}
			profiles := reference.Profiles()
			if j.profile != "" {
				profiles = []string{j.profile}
			}
			targets, stop, err := j.targets(profiles...)
			if err != nil {
				return err
			}
			defer stop()
			j.embedded = j.target == "" && len(j.targetFiles) == 0
			return j.do(cmd, targets, (*display).summary)
		},
	}
	j.addTo(cmd, "profile to judge by (default "+defaultProfile+" with --target, else all)")
	return cmd
}
