"""Account pages. Those with allauth's names stand before allauth's own and replace them."""

from django.urls import path

from accounts import consent, data_views, leaving_views, views

urlpatterns = [
    path("", views.account_settings, name="account_settings"),
    path("handle/", views.change_handle, name="account_handle"),
    path("data/", data_views.my_data, name="account_data"),
    path("data/<uuid:pk>/", data_views.my_data_file, name="account_data_file"),
    path("consent/", consent.account_consent, name="account_consent"),
    path("comments/all/", consent.all_comments, name="account_comments_all"),
    path("leave/", leaving_views.leave, name="account_leave"),
    path("welcome/<str:token>/", views.welcome_staff, name="account_welcome"),
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("signup/passkey/", views.SignupByPasskeyView.as_view(), name="account_signup_by_passkey"),
    path("confirm-email/", views.confirm_email, name="account_email_verification_sent"),
    path(
        "password/reset/confirm/",
        views.confirm_password_reset,
        name="account_confirm_password_reset_code",
    ),
    path("logout/", views.logout, name="account_logout"),
]
