"""Bindings by an administrator get their own table, with domains; the old flag moves there."""

from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def move(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """A link that a person bound was nothing but a binding."""
    was_bound: dict[str, Any] = {"bound": True}  # the column is no longer in the model
    links = apps.get_model("store", "CertificateAddress").objects.filter(**was_bound)
    binding = apps.get_model("store", "AddressBinding")
    for link in links.exclude(state="rejected"):
        binding.objects.create(
            certificate_id=link.certificate_id,
            name=link.address,
            bound_by=link.linked_by,
            bound_at=link.linked_at,
        )
    links.filter(state="linked").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_unknown_roots"),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressBinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=400)),
                ("why", models.TextField(blank=True)),
                ("bound_by", models.CharField(max_length=400)),
                ("bound_at", models.DateTimeField()),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bindings",
                        to="store.certificate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("certificate", "name"), name="one_binding_per_name"
                    )
                ],
            },
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RemoveField(model_name="certificateaddress", name="bound"),
    ]
