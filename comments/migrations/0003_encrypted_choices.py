from django.db import migrations

import accounts.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_voices_badges_and_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="draft",
            name="choices",
            field=accounts.encryption.EncryptedJSONField(default=dict),
        ),
    ]
