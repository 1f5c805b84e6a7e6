# One way to do each thing. `make` alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
# The tests start the program hundreds of times: it is compiled once, whatever the caller's setting.
export PYTHONDONTWRITEBYTECODE =

VENV := .venv
BIN := $(VENV)/bin
# The first Python for which the locked wheels exist, 3.12 or later if there is one. To use another:
# make PYTHON=/path/to/python3
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3 python3.11,$(shell \
	$(name) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $(name))))
ARGS ?=
# in the order of their folders: the files that take longest stand first; of three at a time, one
# usually waits for the disk or a camera
ALL_TESTS := --numprocesses 3 --dist loadfile --no-loadscope-reorder
# A whole run syncs its files thousands of times, so that they lie in memory if there is plenty.
MEMORY = $(shell [ -w /dev/shm ] && df -Pm /dev/shm | awk 'NR == 2 && $$4 >= 4096 {print "/dev/shm"}')
IN_MEMORY = files=$$(mktemp -d -p "$${TMPDIR:-$(or $(MEMORY),/tmp)}") && chmod 711 "$$files" \
	&& trap 'rm -rf "$$files"' EXIT INT TERM && export TMPDIR="$$files";
# the real pictures behind the quality figures: docs/quality.md
DATA ?= ../shared/data

# the kernel that `make lab` compiles once; a folder elsewhere serves several working trees
LAB ?= build/lab
# what the archive of `make archive-up` holds
ARCHIVE ?= build/archive
# the Debian with wine and the Windows Python that `make windows` builds once
WINDOWS ?= build/windows

.PHONY: help setup run demo test check screens bench soak archive-up archive-down archive-packages lab quality docs package deb deb-test deb-packages windows \
	installer installer-test windows-packages lock audit

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/installed.stamp ## Install what is missing of the Debian packages, .venv and the program

run: setup ## Start the station (ARGS="--camera sim")
	@$(BIN)/dermstation $(ARGS)

demo: setup ## Play the whole job on the simulated dermatoscope; without a display, into demo-out/
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname -s)" != Linux ]; then \
		$(BIN)/dermstation demo $(ARGS); \
	else \
		$(BIN)/dermstation demo --headless --out demo-out --json $(ARGS); \
	fi

test: setup ## Run the tests three files at a time, or some of them (ARGS="tests/unit -k name")
	@$(if $(ARGS),,$(IN_MEMORY)) \
		QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/python -m pytest $(or $(ARGS),$(ALL_TESTS))

check: setup ## Run everything a change must pass: lint, format, types, layers, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --no-warn-unreachable --cache-dir .mypy_cache/win32
	$(BIN)/lint-imports
	@$(MAKE) test

screens: setup ## Draw every page in every state at several sizes, dark, in high contrast and with longer words, into build/screens/ (ARGS="capture" for some)
	@$(BIN)/python -m tests.screens build/screens $(ARGS)

bench: setup ## Measure the promised speeds, print one JSON object (about 8 minutes)
	@$(BIN)/python -m benchmarks.run $(ARGS)

soak: setup ## Run the long tests, for hours (PART=archive, camera, lab, names, packages, torn or vault for one of them; ARGS="--share 0.05" for a short run)
	@case "$(PART)" in ""|packages) \
		packaging/install-debian-packages "$(PYTHON)" packaging/debian-packages-soak.txt >&2 \
			|| echo "Without them, the part \"packages\" skips and names what it lacks." >&2;; \
	esac
	@case "$(PART)" in ""|archive) \
		packaging/install-debian-packages "$(PYTHON)" packaging/archive/debian-packages-server.txt >&2 \
			|| echo "Without them, the part \"archive\" skips." >&2;; \
	esac
	@$(BIN)/python -m benchmarks.soak $(if $(PART),--part $(PART)) $(ARGS)

archive-up: setup archive-packages ## Start a whole archive for development, Orthanc on PostgreSQL behind nginx, and print the settings for it
	@$(BIN)/python -m tests.archive.server up $(ARCHIVE)

archive-down: setup ## End the archive of make archive-up; what it holds stays in ARCHIVE (build/archive)
	@$(BIN)/python -m tests.archive.server down $(ARCHIVE)

archive-packages:
	@packaging/install-debian-packages "$(PYTHON)" packaging/archive/debian-packages-server.txt >&2

lab: setup ## Put a real camera driver and real card file systems in front of the station (x86-64 Debian; 8 to 25 minutes once to compile a kernel, then 8)
	@$(BIN)/python -m tests.lab --folder $(LAB) $(ARGS)

quality: setup ## Print the figures of the quality check on real pictures (DATA=folder; minutes)
	@OMP_NUM_THREADS=1 $(BIN)/python -m calibration --figures $(DATA) $(ARGS)

docs: setup ## Write the pages of docs/ that are made from the program and the records
	@for page in packaging/docs/*.py; do $(BIN)/python "$$page" || exit 1; done

package: setup ## Freeze the program into dist/dermstation, list its parts, test it there, print its size
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' || echo "With Python 3.11,\
	three more packages come along (docs/dependencies.md). For a release use Python 3.12 or 3.13:\
	make package VENV=.venv-package PYTHON=/path/to/python3.12" >&2
	PYTHONHASHSEED=0 $(BIN)/python -m PyInstaller --noconfirm --clean --log-level WARN packaging/dermstation.spec
	$(BIN)/python packaging/sbom.py dist/dermstation
	QT_QPA_PLATFORM=offscreen dist/dermstation/dermstation --selftest
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/bundle --bundle dist/dermstation
	@du -sm dist/dermstation | awk '{print "dist/dermstation: " $$1 " MB"}'

deb: setup deb-packages ## Make the signed Debian package of dist/dermstation (after make package)
	@PYTHONPATH=packaging $(BIN)/python packaging/linux/deb.py $(ARGS)

deb-test: setup deb-packages ## Install it in a fresh Debian, use, upgrade and purge it; print a table (as root; 5 to 15 minutes)
	@PYTHONPATH=packaging $(BIN)/python packaging/linux/deb.py --try-out $(ARGS)

deb-packages:
	@packaging/install-debian-packages "$(PYTHON)" packaging/linux/debian-packages.txt >&2

windows: setup ## Run the program and its tests for Windows under wine, print a table (as root; hours; ARGS="tests/unit/camera" for some tests)
	@$(BIN)/python packaging/testrig/run.py --folder $(WINDOWS) $(ARGS)

installer: setup windows-packages ## Freeze for Windows under wine, sign with a TEST authority and make the installer (as root; 10 to 30 minutes)
	@PYTHONPATH=packaging/testrig:packaging $(BIN)/python packaging/windows/installer.py --rig $(WINDOWS) $(ARGS)

installer-test: setup windows-packages ## Install it under wine, use, upgrade, repair and remove it; print a table (as root; 15 to 40 minutes)
	@PYTHONPATH=packaging/testrig:packaging $(BIN)/python packaging/windows/installer.py --rig $(WINDOWS) --try-out $(ARGS)

windows-packages:
	@packaging/install-debian-packages "$(PYTHON)" packaging/windows/debian-packages.txt >&2

lock: setup ## Renew both requirements locks after a change (ARGS=--upgrade takes the newest of everything)
	packaging/lock $(BIN)/python $(ARGS)

audit: setup ## Say how old each locked package is, what is newer, and which faults are known (docs/dependencies.md)
	@$(BIN)/python packaging/audit.py $(ARGS)

# Stamps: a step runs again only if something that it reads has changed.

$(VENV)/system.stamp: packaging/debian-packages.txt packaging/archive/debian-packages.txt packaging/install-debian-packages
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12 or 3.13 is needed and not found." >&2; exit 1; }
	@packaging/install-debian-packages "$(PYTHON)" >&2  # stdout is for the output of the target
	@packaging/install-debian-packages "$(PYTHON)" packaging/archive/debian-packages.txt >&2 \
		|| echo "Without them, the tests of the archive skip." >&2
	@mkdir -p $(VENV)
	@touch $@

$(VENV)/locked.stamp: $(VENV)/system.stamp requirements-dev.lock
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes \
		--only-binary :all: -r requirements-dev.lock
	@touch $@

$(VENV)/installed.stamp: $(VENV)/locked.stamp pyproject.toml
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-build-isolation \
		--no-deps --editable .
	@touch $@
