from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contributor",
            name="unnamed_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="without a name since"
            ),
        ),
    ]
