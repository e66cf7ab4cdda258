"""Alembic environment of sgo-core."""

import sgo_core.achievements.model
import sgo_core.addresses.model
import sgo_core.admissions.model
import sgo_core.attachments.model
import sgo_core.attestation.model
import sgo_core.bells.model
import sgo_core.buildings.model
import sgo_core.calendar.model
import sgo_core.certificates.model
import sgo_core.class_teachers.model
import sgo_core.consents.model
import sgo_core.curricula.model
import sgo_core.debts.model
import sgo_core.exports.model
import sgo_core.governing_bodies.model
import sgo_core.groups.model
import sgo_core.history.model
import sgo_core.imports.model
import sgo_core.individual_plans.model
import sgo_core.loads.model
import sgo_core.merging.model
import sgo_core.movements.model
import sgo_core.order_signatures.model
import sgo_core.organizations.model
import sgo_core.packages.model
import sgo_core.people.model
import sgo_core.personal_files.model
import sgo_core.portfolios.model
import sgo_core.programmes.model
import sgo_core.projects.model
import sgo_core.quality.model
import sgo_core.reference_books.model
import sgo_core.reorganizations.model
import sgo_core.retention.model
import sgo_core.rooms.model
import sgo_core.sample_checks.model
import sgo_core.settings.model
import sgo_core.staff.model
import sgo_core.study_forms.model
import sgo_core.study_norms.model
import sgo_core.subgroups.model
import sgo_core.subject_rights.model
import sgo_core.subjects.model
import sgo_core.textbooks.model
import sgo_core.transfers.model
import sgo_core.year_closing.model  # noqa: F401 - the models declare the tables
from servicekit.migrations import run_env
from sgo_core.database import Base

run_env(Base.metadata)
