"""What accounts tells and asks the apps above it, without knowing them.

An AppConfig of any app may define one or more of these methods; accounts calls them on every app
that does, in the order of INSTALLED_APPS. Told inside the transaction of the deed:

    handle_changed(user)              a member has a new public name
    member_signed_up(request, user)   the sign-up form was accepted; the e-mail is not confirmed yet
    visitor_logged_in(request, user)  the session now belongs to `user`, however they logged in
    contributor_unnamed(contributor)  a role stands where the name stood (articles tells it)

Asked:

    names_in_use(keys)                those of these folded names that no handle may be taken for
    why_not_renaming(user)            why this member may take no other handle, or ""
    personal_data()                   what it holds of people (accounts/personal_data.py)
    member_data(user)                 what it holds of this one, to be read (accounts/my_data.py)
    acts_at(address)                  the condition (Q) under which an act is about what stands at
                                      this address of the site, or None (accounts/audit_export.py)
    deed_words()                      what the acts it records are called (accounts/deeds.py)
    told_as_members(correction, addresses)
                                      those of these addresses, in small letters, whose owners hear
                                      of it as members, by a mail of their own (articles asks it)
    articles_showing(contributor)     articles whose pages say this name (articles asks it)
    mail_is_wanted(about)             right before a mail is sent: whether what it tells of still
                                      holds; True for what is another app's (accounts/mail.py)

Asked of each reading page that goes to a visitor (articles/caching.py), after its personal marks
were filled. Here an app takes out what it wrote into the stored page for itself alone:

    finish_page(request, html)        the HTML as this visitor gets it

Told by the worker, outside of transactions. Each works in short batches, does nothing where the
deed is done, and may be called again after a kill:

    hide_comments(user)               their consent is withdrawn: readers see nothing until …
    show_comments(user)               … it is given again
    settle_comments(user, fate)       … or one of `Fate` is chosen; also first of all on leaving
    correction_published(correction)  tell those who may have relied on what was wrong: once each,
                                      however often this is called (articles tells it)
    erase_member(user, fate)          empty everything else that names this member
    forget_addresses(addresses)       … and these e-mail addresses of theirs, wherever they stand
    replay_erasure(erasure)           do again what a line of the ledger says, if it is this app's;
                                      return whether it is
"""

from typing import Any

from django.apps import apps


def run(hook: str, *args: Any) -> None:
    ask(hook, *args)


def ask(hook: str, *args: Any) -> list[Any]:
    """Return what each app that knows this hook answers."""
    return [
        listener(*args)
        for config in apps.get_app_configs()
        if (listener := getattr(config, hook, None))
    ]
