using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Users;

/// <summary>What is on the pages about people, machines and what they may do.</summary>
internal static class UserPages
{
    public const string AccountPath = "/app/users/account";
    public const string RolesPath = "/app/users/roles";
    public const string SessionsPath = "/app/users/sessions";
    public const string TokensPath = "/app/users/tokens";
    public const string PasswordId = "password";
    public const string ConfirmId = "confirm-totp";
    public const string RemoveId = "remove-totp";
    public const string NewId = "new-user";
    public const string BindId = "bind";
    public const string TokenId = "new-access-token";

    /// <summary>Where a person is shown.</summary>
    public static string PathOf(Guid id) => $"/app/users/{id}";

    /// <summary>The own account.</summary>
    public static IReadOnlyList<Part> Account(Caller caller, Outcome outcome) =>
    [
        Tabs(AccountPath, caller),
        new Facts([new("Signed in as", caller.Name), new("May", BindingsOf([.. caller.Bindings.Select(binding => binding.View())]))]),
        new Section("changing", "Password", PasswordForm().After(outcome)),
        new Section(
            "authenticator", "Authenticator",
            new Paragraph("With an authenticator, a code of six digits is asked for at sign-in beside the password."),
            new Block(new Press("Enrol an authenticator", $"{AccountPath}/totp", "for your account")),
            CodeForm(ConfirmId, "confirm", "Confirm it", "primary").After(outcome),
            new Section("removing", "Remove the authenticator", CodeForm(RemoveId, "remove", "Remove it", "danger").After(outcome)) { Folds = true, Open = outcome.IsOf(RemoveId) }),
    ];

    /// <summary>What is said once of a new authenticator.</summary>
    public static Notice Enrolment(TotpEnrolment enrolment) => new(
        new Cue(Tone.Warning, "Shown once"), "Give this secret to your authenticator, by hand or as the address below it; then confirm it with a code.",
        new Command(enrolment.Secret), new Command(enrolment.Address));

    /// <summary>What is said once when an authenticator is confirmed.</summary>
    public static Notice Recovery(TotpRecovery recovery) => new(
        new Cue(Tone.Warning, "Shown once"),
        "The authenticator is in use: from now on a code is asked for at sign-in. Keep these recovery codes apart from it; each opens one sign-in in its place, on the day on which it is lost.",
        new Command(string.Join('\n', recovery.Codes)));

    /// <summary>All people.</summary>
    public static IReadOnlyList<Part> List(UserPage page, string? filter, Caller caller, Outcome outcome, DateTimeOffset now) =>
    [
        Tabs(App.Users.Path, caller),
        .. caller.May("user.create") ? (Part[])[new Section("create", "New user", NewForm().After(outcome)) { Folds = true, Open = outcome.IsOf(NewId) }] : [],
        new Drawn(new AspNetCoreGeneratedDocument.shell_Toolbar { Model = new(App.Users.Path, filter, Counted.Of(page.Items.Count, "user"), page.NextCursor is not null) }),
        new Table("Users", ["Name", "State", "May", new("Authenticator", "wide"), new("Made", "wide")],
            [.. page.Items.Select(user => new Row(
                $"user-{user.Id}", new Link(user.Name, PathOf(user.Id)), new Mark(StateOf(user)), BindingsOf(user.Bindings), user.SecondFactor ? "yes" : new Quiet("no"), Age.Between(user.CreatedAt, now).Ago))],
            $"There is no user named “{filter}”."),
        new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(App.Users.Path, filter, page.NextCursor) }),
    ];

    /// <summary>One person.</summary>
    public static IReadOnlyList<Part> Detail(User user, Caller caller, Outcome outcome)
    {
        string path = PathOf(user.Id);
        bool may = caller.May("user.change");
        return
        [
            new Facts([new("State", new Mark(StateOf(user))), new("Authenticator", user.SecondFactor ? "yes" : new Quiet("no")), new("Made", Moment.Of(user.CreatedAt))]),
            new Block(new Buttons(
                may ? new Press(user.Disabled ? "Let in again" : "Lock out", $"{path}/{(user.Disabled ? "enable" : "disable")}", user.Name) : null,
                caller.May("user.reset-password") ? new Press("New password", $"{path}/reset-password", $"for {user.Name}") : null,
                user.SecondFactor && caller.May("user.reset-totp") ? new Press("Remove the authenticator", $"{path}/reset-totp", $"of {user.Name}") { ClassName = "danger" } : null,
                caller.May("user.delete") ? new Link("Delete…", $"{path}/delete") { ClassName = "button danger", Of = user.Name } : null)),
            new Section("roles", "What the user may do", new Table("Roles of the user", ["Role", "Where", Column.Actions],
                [.. user.Bindings.Select(binding => new Row(
                    null, RoleNames.Of(binding.Role), new Code(binding.Scope),
                    new Buttons(may ? new Press("Take away", $"{path}/unbind", $"{RoleNames.Of(binding.Role)} of {user.Name}") { ClassName = "danger", Values = [new("role", binding.Role.ToString()), new("scope", binding.Scope)] } : null)))],
                "Nothing: the user can sign in and sees nothing.")),
            .. may ? (Part[])[new Section("binding", "Give a role", new Form(BindId, $"{path}/bind", "Give role", RoleFields()).After(outcome)) { Folds = true, Open = outcome.IsOf(BindId) }] : [],
        ];
    }

    /// <summary>The last question before a person goes.</summary>
    public static Confirmation Delete(User user) => Confirmation.Typed(
        $"Delete user {user.Name}?", ["The user's sessions end at once.", "What the user did stays in the audit log."], $"{PathOf(user.Id)}/delete", "Delete the user", PathOf(user.Id), "user");

    /// <summary>What is said once of a password that the station made.</summary>
    public static Notice Password(UserPassword made) => made.Password is { } password
        ? new(new Cue(Tone.Warning, "Shown once"), $"This is the password of {made.User.Name}. It is to be changed after the first sign-in.", new Command(password))
        : new(new Cue(Tone.Ok, "Done"), $"{made.User.Name} has the password that was typed.");

    /// <summary>All roles.</summary>
    public static IReadOnlyList<Part> Roles(Caller caller) =>
    [
        Tabs(RolesPath, caller),
        new Table("Roles", ["Role", "May"],
            [.. Enum.GetValues<Role>().Select(role => new Row(
                null, RoleNames.Of(role), string.Join(", ", Permissions.All.Keys.Where(action => Permissions.Allow(role, action)).Order(StringComparer.Ordinal))))]),
    ];

    /// <summary>Who is signed in.</summary>
    public static IReadOnlyList<Part> Sessions(SessionPage page, Caller caller, DateTimeOffset now) =>
    [
        Tabs(SessionsPath, caller),
        new Table("Sessions", ["User", "From", "Begun", "Ends in", Column.Actions],
            [.. page.Items.Select(session => new Row(
                $"session-{session.Id}", new Line(session.UserName, session.Id == caller.SessionId ? "this session" : null), new Code(session.Peer), Age.Between(session.CreatedAt, now).Ago, Age.Between(now, session.ExpiresAt).ToString(),
                new Buttons(caller.May("session.delete") ? new Press("End", $"{SessionsPath}/{session.Id}/end", $"the session of {session.UserName}") { ClassName = "danger" } : null)))]),
        new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(SessionsPath, null, page.NextCursor) }),
    ];

    /// <summary>What machines sign in with.</summary>
    public static IReadOnlyList<Part> Tokens(AccessTokenPage page, Caller caller, Outcome outcome, DateTimeOffset now) =>
    [
        Tabs(TokensPath, caller),
        .. caller.May("access-token.create") ? (Part[])[new Section("create", "New access token", TokenForm().After(outcome)) { Folds = true, Open = outcome.IsOf(TokenId) }] : [],
        new Table("Access tokens", ["Name", "May", "Ends in", new("Made by", "wide"), Column.Actions],
            [.. page.Items.Select(token => new Row(
                $"token-{token.Id}", token.Name, BindingsOf(token.Bindings), token.ExpiresAt > now ? Age.Between(now, token.ExpiresAt).ToString() : "ended", token.CreatedBy,
                new Buttons(caller.May("access-token.delete") ? new Press("Revoke", $"{TokensPath}/{token.Id}/revoke", token.Name) { ClassName = "danger" } : null)))],
            "There is none. A machine or script that uses the REST API needs one."),
        new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(TokensPath, null, page.NextCursor) }),
    ];

    /// <summary>What is said once of a new access token.</summary>
    public static Notice TokenMade(AccessTokenCreated created) => new(
        new Cue(Tone.Warning, "Shown once"), $"This is what {created.Token.Name} sends as “Authorization: Bearer”.", new Command(created.Bearer));

    /// <summary>A role and where it holds.</summary>
    public static RoleBinding ReadRole(FormValues values) => new(values.OneOf<Role>("role", "/bindings/0"), values.Text("scope"));

    private static Tabs Tabs(string current, Caller caller) => new(current,
    [
        .. caller.May("user.read") ? (Link[])[new("Users", App.Users.Path)] : [],
        .. caller.May("access-token.read") ? (Link[])[new("Access tokens", TokensPath)] : [],
        .. caller.May("session.read") ? (Link[])[new("Sessions", SessionsPath)] : [],
        new("Roles", RolesPath), new("Your account", AccountPath),
    ]);

    private static Lines BindingsOf(IReadOnlyList<RoleBinding> bindings) => new([.. bindings.Select(binding => new Line(RoleNames.Of(binding.Role), binding.Scope))], "nothing");

    private static Cue StateOf(User user) => user.Disabled ? new(Tone.Unknown, "Locked out") : new(Tone.Ok, "May sign in");

    private static Form PasswordForm() => new(
        PasswordId, $"{AccountPath}/password", "Change password",
        new Field("present", "Present password") { Kind = FieldKind.Password, Pointer = "/password", Required = true },
        new Field("new", "New password") { Kind = FieldKind.Password, Pointer = "/newPassword", Required = true, Note = "12 characters or more." },
        new Field("again", "New password again") { Kind = FieldKind.Password, Required = true });

    private static Form CodeForm(string id, string verb, string button, string className) =>
        new(id, $"{AccountPath}/totp/{verb}", button, new Field("code", "Code of the authenticator") { Kind = verb == "confirm" ? FieldKind.Number : FieldKind.Text, Required = true }) { ClassName = className };

    private static Form NewForm() => new(
        NewId, App.Users.Path, "Create user",
        [
            new Field("name", "User name") { Required = true }, .. RoleFields(),
            new Field("password", "Password") { Kind = FieldKind.Password, Note = "12 characters or more; empty: the station makes one and shows it once." },
        ]);

    private static Form TokenForm() => new(
        TokenId, TokensPath, "Create access token",
        [new Field("name", "Name of the machine") { Required = true }, .. RoleFields(), new Field("days", "Days that it lasts") { Kind = FieldKind.Number, Pointer = "/lifetimeSeconds", Value = 90.ToString(CultureInfo.InvariantCulture) }]);

    private static Field[] RoleFields() =>
    [
        new("role", "Role") { Kind = FieldKind.Choice, Pointer = "/bindings/0", Choices = [.. Enum.GetValues<Role>().Select(role => new Choice(role.ToString(), RoleNames.Of(role)))], Value = nameof(Role.Viewer) },
        new("scope", "Where") { Pointer = "/bindings/0/scope", Value = "all", Note = "all, pool, project:NAME, unit-label:KEY=VALUE or host:ID" },
    ];
}
