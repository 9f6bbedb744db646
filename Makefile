# Twee opdrachten: `make start` en `make test`. Beide maken eerst zelf alles klaar.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# An environment that forbids it, as in some images, would compile every module again in each of hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

SAMEN = -n 4 --dist loadgroup --no-loadscope-reorder

.PHONY: help setup setup-systeem start test volledig snel meet lint schemas lock aanval bench simuleer-storingen simuleer-uitval images sbom adviezen schoon

help: ## deze lijst
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/klaar ## .venv met precies de vastgelegde versies

.venv/klaar: requirements.lock pyproject.toml
	@sh deploy/setup.sh "$(PYTHON)"
	@touch $@

setup-systeem: ## Java, Maven, Chromium, Prometheus en Alertmanager, voor tests met de echte (als root, met apt)
	@sh deploy/systeem.sh

start: setup ## het hele systeem in één proces, met de publieke voorbeeldcijfers
	@$(BIN)/opvangpeil start --voorbeeld publiek

test: setup lint ## alle controles, en alle tests op de langste na
	@RONDE=test $(BIN)/pytest $(SAMEN)

volledig: setup ## de langste tests, en van wetten en steekproeven alles; samen met `make test` blijft niets liggen
	@RONDE=volledig $(BIN)/pytest $(SAMEN)

snel: setup ## in een minuut: zonder opslag, broker, browser of server, en met weinig voorbeelden
	@RONDE=snel $(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder -q tests/test_architecture.py tests/test_architecture_whole.py tests/contract tests/laws tests/unit

meet: setup ## alle tests, en onthouden hoe lang elk duurde: dat bepaalt de volgorde (tests/duur.json)
	@RONDE=volledig $(BIN)/pytest $(SAMEN) --meet
	@RONDE=test $(BIN)/pytest $(SAMEN) --meet

lint: setup ## stijl en types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

schemas: setup ## JSON Schema en AsyncAPI opnieuw maken uit de modellen
	@$(BIN)/python -m schemas.generate

simuleer-storingen: setup ## N runs met storingen (N=20 ZAAD=1); een zaad dat faalt is zo te herhalen
	@$(BIN)/python -m tests.simulation $(or $(N),20) $(or $(ZAAD),1)

simuleer-uitval: setup ## broker en ClickHouse om beurten lang weg (SECONDEN=600)
	@$(BIN)/python -m tests.simulation.outage $(or $(SECONDEN),600)

aanval: setup ## vijandige invoer en een gulzige aanvrager op een eigen server, en wat schemathesis bedenkt (ZAAD=1; een kwartier)
	@$(BIN)/python -m tests.attack $(or $(ZAAD),1)
	@RONDE=volledig $(BIN)/pytest -n 0 -q tests/integration/test_api_schemathesis.py

bench: setup ## snelheid meten; drukt cijfers en verhoudingen af (DEEL=ingebed, schaal, cijfers, alarmen, scherm, afscherming, werkmap of alles)
	@$(BIN)/python -m tests.bench $(DEEL)

lock: setup ## requirements.lock opnieuw maken uit pyproject.toml, en die van de images eruit
	@$(BIN)/pip install --quiet uv
	@$(UV) --all-extras pyproject.toml -o requirements.lock
	@$(UV) --extra image --constraint requirements.lock pyproject.toml -o deploy/requirements.lock

images: setup ## de digests van images ophalen, waar een register antwoordt (deploy/images.lock)
	@$(BIN)/python -m deploy.images

SBOM ?= build/sbom
BOM = PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible

sbom: setup ## wat erin zit, als CycloneDX: in het image, en in alles met de tests erbij (build/sbom)
	@mkdir -p $(SBOM)
	@$(BOM) deploy/requirements.lock --output-file $(SBOM)/image.cdx.json
	@$(BOM) requirements.lock --output-file $(SBOM)/alles.cdx.json
	@echo "$(SBOM)/image.cdx.json en $(SBOM)/alles.cdx.json"

adviezen: setup ## bekende zwakheden van de vastgelegde versies, waar OSV te bereiken is
	@$(BIN)/python -m deploy.adviezen

schoon: ## alles weg wat hier gemaakt is, ook de gegevens in data/
	rm -rf .venv data build .pytest_cache .mypy_cache .ruff_cache .hypothesis .kafka .vnu *.egg-info
