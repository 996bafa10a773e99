# Everything here also works without make: sh deploy/bootstrap.sh <target>
.PHONY: help setup demo test lint bench soak messages requirements

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' Makefile | expand -t 16

setup: ## system libraries, virtual environment, packages
	@sh deploy/bootstrap.sh setup

demo: ## set up, tell the demo story, serve it (PORT=8000, SERVE=0 does not serve)
	@PORT="$(PORT)" SERVE="$(SERVE)" sh deploy/bootstrap.sh demo

test: ## every check and every test, on SQLite and on PostgreSQL (ONLY=name runs one step)
	@ONLY="$(ONLY)" sh deploy/bootstrap.sh test

lint: ## the static checks only
	@sh deploy/bootstrap.sh lint

bench: ## the product against the physical limit, as ratios (ONLY=name runs one)
	@ONLY="$(ONLY)" sh deploy/bootstrap.sh bench

soak: ## kill processes a thousand times around completion (KILLS=1000), live a thousand lives of enrollments (LIVES=1000)
	@KILLS="$(KILLS)" LIVES="$(LIVES)" sh deploy/bootstrap.sh soak

messages: ## collect the texts to translate, compile the translations
	@sh deploy/bootstrap.sh messages

requirements: ## compile the hashed requirements from pyproject.toml
	@sh deploy/bootstrap.sh requirements
