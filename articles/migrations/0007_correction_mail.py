"""Note which follower was mailed about which correction; draw the numbers of messages."""

import django.db.models.deletion
from django.db import migrations, models

import articles.models.correction


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_review_dates"),
    ]

    operations = [
        migrations.AlterField(
            model_name="readermessage",
            name="number",
            field=models.CharField(
                default=articles.models.correction.new_number,
                editable=False,
                max_length=20,
                unique=True,
                verbose_name="number",
            ),
        ),
        migrations.CreateModel(
            name="CorrectionMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.correction",
                    ),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.correctionfollower",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail about a correction",
                "verbose_name_plural": "mails about corrections",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("correction"), models.F("follower"), name="correction_mail_once"
                    )
                ],
            },
        ),
    ]
