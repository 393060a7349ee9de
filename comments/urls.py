"""The addresses of what readers say; they are a promise (README)."""

from django.urls import URLPattern, path

from comments import badges, composer, ignoring, my_comments, question_pages, rules, views
from comments.moderation import appealing, reporting
from comments.telling import following, inbox, unsubscribing

# /articles/<slug>/comments/
article_urlpatterns = [
    path("new/", composer.comment_new, name="comment_new"),
    path("follow/", following.discussion_follow, name="discussion_follow"),
]

# /about/
about_urlpatterns = [
    path("rules/history/", rules.rules_history, name="rules_history"),
]

# /accounts/: a member's own pages about what they say
account_urlpatterns: list[URLPattern] = [
    path("badges/", badges.account_badges, name="account_badges"),
    path("badges/ask/", badges.badge_ask, name="account_badge_ask"),
    path("badges/<uuid:pk>/number/", badges.badge_number, name="account_badge_number"),
    path("badges/<uuid:pk>/give-back/", badges.badge_give_back, name="account_badge_give_back"),
    path("ignored/", ignoring.ignored_names, name="account_ignored"),
    path("comments/", my_comments.account_comments, name="account_comments"),
    path("decisions/", appealing.account_decisions, name="account_decisions"),
    path("decisions/<int:pk>/", appealing.account_decision, name="account_decision"),
    path("inbox/", inbox.account_inbox, name="account_inbox"),
    path("notifications/", inbox.account_notifications, name="account_notifications"),
    path("following/", following.account_following, name="account_following"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="account_unsubscribe"),
]

# /comments/
urlpatterns = [
    path("<int:pk>/", views.comment, name="comment"),
    path("<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("<int:pk>/cut/", views.comment_cut, name="comment_cut"),
    path("<int:pk>/withdraw/", views.comment_withdraw, name="comment_withdraw"),
    path("<int:pk>/name-off/", views.comment_name_off, name="comment_name_off"),
    path("<int:pk>/ignore/", ignoring.comment_ignore, name="comment_ignore"),
    path("<int:pk>/unignore/", ignoring.comment_unignore, name="comment_unignore"),
    path("<int:pk>/report/", reporting.comment_report, name="comment_report"),
    path("<int:pk>/reported/", reporting.comment_reported, name="comment_reported"),
    path("<int:pk>/answer/", question_pages.question_answer, name="comment_answer"),
    path("<int:pk>/led-to/", question_pages.comment_led_to, name="comment_led_to"),
    path("unfinished/", views.unfinished_comment, name="unfinished_comment"),
    path("unfinished/<uuid:pk>/discard/", views.draft_discard, name="draft_discard"),
]
