"""Reviews, files, programmes, sessions, sectors; facts that drafts, modules and offerings gained."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import courses.models.modules
import lms.core.clock
import lms.core.ids
import lms.core.texts
from lms.core.frozen import thawed

FROZEN = [
    operation
    for name in ("0002_frozen", "0003_frozen_moves")
    for operation in importlib.import_module(f"courses.migrations.{name}").Migration.operations
]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_frozen_moves"),
        ("organizations", "0002_rooms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = thawed(
        FROZEN,
        [
            migrations.CreateModel(
                name="ModuleFile",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    ("file", models.FileField(upload_to="module-files/")),
                    ("name", models.CharField(max_length=200, verbose_name="file name")),
                    ("content_type", models.CharField(max_length=100)),
                    ("size", models.PositiveBigIntegerField()),
                    ("sha256", models.CharField(max_length=64)),
                ],
                options={
                    "verbose_name": "file",
                    "verbose_name_plural": "files",
                },
            ),
            migrations.CreateModel(
                name="ModuleMember",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[("co_author", "co-author"), ("module_teacher", "teacher of this module")],
                            max_length=20,
                            verbose_name="role",
                        ),
                    ),
                    ("since", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ],
                options={
                    "verbose_name": "member of a module",
                    "verbose_name_plural": "members of a module",
                },
            ),
            migrations.CreateModel(
                name="Prerequisite",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                ],
                options={
                    "verbose_name": "prerequisite",
                    "verbose_name_plural": "prerequisites",
                },
            ),
            migrations.CreateModel(
                name="Programme",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    ("code", models.SlugField(max_length=40, verbose_name="code")),
                    ("title", lms.core.texts.TextField(default=dict, verbose_name="title")),
                    ("summary", lms.core.texts.TextField(blank=True, default=dict, verbose_name="summary")),
                    ("description", lms.core.texts.TextField(blank=True, default=dict, verbose_name="description")),
                    ("optional_minimum", models.PositiveSmallIntegerField(default=0, verbose_name="modules to choose")),
                    (
                        "revision",
                        models.PositiveIntegerField(
                            default=0, help_text="raised by each save; tells two authors apart"
                        ),
                    ),
                    ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                    ("retired_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "programme",
                    "verbose_name_plural": "programmes",
                },
            ),
            migrations.CreateModel(
                name="ProgrammeItem",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    ("position", models.PositiveIntegerField()),
                    ("required", models.BooleanField(default=True, verbose_name="required")),
                ],
                options={
                    "verbose_name": "programme item",
                    "verbose_name_plural": "programme items",
                    "ordering": ["position"],
                },
            ),
            migrations.CreateModel(
                name="Review",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    ("submitted_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                    ("request", models.TextField(blank=True, max_length=4000, verbose_name="note to the reviewer")),
                    (
                        "decision",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("approved", "approved"),
                                ("changes_requested", "changes requested"),
                                ("taken_back", "taken back by the author"),
                            ],
                            max_length=20,
                            verbose_name="decision",
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ("notes", models.TextField(blank=True, max_length=10000, verbose_name="review notes")),
                ],
                options={
                    "verbose_name": "review",
                    "verbose_name_plural": "reviews",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Sector",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    ("code", models.CharField(max_length=8, unique=True)),
                    ("label_nl", models.CharField(max_length=255)),
                    ("label_en", models.CharField(max_length=255)),
                ],
                options={
                    "verbose_name": "sector",
                    "verbose_name_plural": "sectors",
                    "ordering": ["code"],
                },
            ),
            migrations.CreateModel(
                name="Session",
                fields=[
                    (
                        "id",
                        models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                    ),
                    ("title", lms.core.texts.TextField(blank=True, default=dict, verbose_name="title")),
                    ("starts_at", models.DateTimeField(verbose_name="starts at")),
                    ("ends_at", models.DateTimeField(verbose_name="ends at")),
                    ("link", models.URLField(blank=True, max_length=500, verbose_name="link to the digital classroom")),
                    ("moves", models.PositiveIntegerField(default=0, editable=False)),
                    ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "session",
                    "verbose_name_plural": "sessions",
                    "ordering": ["starts_at", "id"],
                },
            ),
            migrations.AlterModelOptions(
                name="module",
                options={
                    "permissions": [
                        ("view_drafts", "sees modules that are not published"),
                        ("author_modules", "writes modules"),
                        ("view_participants", "sees who takes part and how far they are"),
                    ],
                    "verbose_name": "module",
                    "verbose_name_plural": "modules",
                },
            ),
            migrations.AddField(
                model_name="module",
                name="retired_at",
                field=models.DateTimeField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name="moduleversion",
                name="approved_at",
                field=models.DateTimeField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name="moduleversion",
                name="authors",
                field=models.ManyToManyField(
                    blank=True, help_text="who changed this draft", related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            migrations.AddField(
                model_name="moduleversion",
                name="rule",
                field=models.JSONField(default=courses.models.modules.every_unit, verbose_name="completion rule"),
            ),
            migrations.AddField(
                model_name="moduleversion",
                name="submitted_at",
                field=models.DateTimeField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name="offering",
                name="archived_at",
                field=models.DateTimeField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name="offering",
                name="minimum",
                field=models.PositiveIntegerField(
                    blank=True,
                    help_text="empty: it runs for one",
                    null=True,
                    verbose_name="minimum number of participants",
                ),
            ),
            migrations.AddField(
                model_name="unit",
                name="points",
                field=models.PositiveIntegerField(db_default=1, default=1, verbose_name="points"),
            ),
            migrations.AddConstraint(
                model_name="offering",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("minimum", None), ("capacity", None), ("capacity__gte", models.F("minimum")), _connector="OR"
                    ),
                    name="offering_minimum_fits",
                ),
            ),
            migrations.AddField(
                model_name="modulefile",
                name="module",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="files", to="courses.module"
                ),
            ),
            migrations.AddField(
                model_name="modulemember",
                name="module",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="members", to="courses.module"
                ),
            ),
            migrations.AddField(
                model_name="modulemember",
                name="user",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="module_memberships",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            migrations.AddField(
                model_name="prerequisite",
                name="module",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="prerequisites", to="courses.module"
                ),
            ),
            migrations.AddField(
                model_name="prerequisite",
                name="requires",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="required_by", to="courses.module"
                ),
            ),
            migrations.AddField(
                model_name="programme",
                name="provider",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="programmes",
                    to="organizations.organization",
                ),
            ),
            migrations.AddField(
                model_name="programmeitem",
                name="module",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="programme_items", to="courses.module"
                ),
            ),
            migrations.AddField(
                model_name="programmeitem",
                name="programme",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="items", to="courses.programme"
                ),
            ),
            migrations.AddField(
                model_name="review",
                name="decided_by",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            migrations.AddField(
                model_name="review",
                name="submitted_by",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            migrations.AddField(
                model_name="review",
                name="version",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="courses.moduleversion"
                ),
            ),
            migrations.AddField(
                model_name="moduleversion",
                name="sectors",
                field=models.ManyToManyField(
                    blank=True, related_name="versions", to="courses.sector", verbose_name="sectors"
                ),
            ),
            migrations.AddField(
                model_name="session",
                name="location",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="sessions",
                    to="organizations.location",
                    verbose_name="location",
                ),
            ),
            migrations.AddField(
                model_name="session",
                name="offering",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="courses.offering"
                ),
            ),
            migrations.AddField(
                model_name="session",
                name="room",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="sessions",
                    to="organizations.room",
                    verbose_name="room",
                ),
            ),
            migrations.AddField(
                model_name="session",
                name="teacher",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="taught_sessions",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="teacher",
                ),
            ),
            migrations.AddConstraint(
                model_name="modulemember",
                constraint=models.UniqueConstraint(fields=("module", "user", "role"), name="module_member_once"),
            ),
            migrations.AddConstraint(
                model_name="prerequisite",
                constraint=models.UniqueConstraint(fields=("module", "requires"), name="prerequisite_once"),
            ),
            migrations.AddConstraint(
                model_name="prerequisite",
                constraint=models.CheckConstraint(
                    condition=models.Q(("module", models.F("requires")), _negated=True), name="prerequisite_not_itself"
                ),
            ),
            migrations.AddConstraint(
                model_name="programme",
                constraint=models.UniqueConstraint(fields=("provider", "code"), name="programme_code_once"),
            ),
            migrations.AddConstraint(
                model_name="programmeitem",
                constraint=models.UniqueConstraint(fields=("programme", "position"), name="programme_position_once"),
            ),
            migrations.AddConstraint(
                model_name="programmeitem",
                constraint=models.UniqueConstraint(fields=("programme", "module"), name="programme_module_once"),
            ),
            migrations.AddConstraint(
                model_name="review",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("decided_at", None)), fields=("version",), name="one_open_review"
                ),
            ),
            migrations.AddConstraint(
                model_name="review",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("decision__in", ["approved", "changes_requested"]), _negated=True),
                        models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                        _connector="OR",
                    ),
                    name="review_four_eyes",
                ),
            ),
            migrations.AddIndex(
                model_name="session",
                index=models.Index(fields=["room", "starts_at"], name="session_room"),
            ),
            migrations.AddIndex(
                model_name="session",
                index=models.Index(fields=["teacher", "starts_at"], name="session_teacher"),
            ),
            migrations.AddIndex(
                model_name="session",
                index=models.Index(fields=["offering", "starts_at"], name="session_offering"),
            ),
            migrations.AddConstraint(
                model_name="session",
                constraint=models.CheckConstraint(
                    condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="session_lasts"
                ),
            ),
        ],
    )
