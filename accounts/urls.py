"""Account pages. Those with allauth's names stand before allauth's own and replace them."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account_settings, name="account_settings"),
    path("handle/", views.change_handle, name="account_handle"),
    path("welcome/<str:token>/", views.welcome_staff, name="account_welcome"),
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("confirm-email/", views.confirm_email, name="account_email_verification_sent"),
    path(
        "password/reset/confirm/",
        views.confirm_password_reset,
        name="account_confirm_password_reset_code",
    ),
    path("logout/", views.logout, name="account_logout"),
]
