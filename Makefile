.PHONY: run test check lock bench crash
run test check lock bench crash:
	@python3 dev.py $@
