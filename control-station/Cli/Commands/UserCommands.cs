using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>user</c> and <c>role</c>.</summary>
internal static class UserCommands
{
    private static readonly Argument<string> Name = new("USER") { Description = "Name or id of a user." };
    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that no other user has." };
    private static readonly Option<RoleBinding[]> Roles = Bindings.Option("--role", "What the user may do.");
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    private static readonly Noun<User, UserPage> Users = new(
        "user", "users", p => p.Items, p => p.NextCursor, items => new UserPage(items, null), u => u.Id.ToString(), u => u.Name,
        [
            new("NAME", u => u.Name),
            new("ROLES", u => Text.Of(u.Bindings.Select(Bindings.Format))),
            new("STATE", u => u.Disabled ? "disabled" : "enabled"),
            new("AUTHENTICATOR", u => u.SecondFactor ? "yes" : "no"),
            new("CREATED", u => Text.Of(u.CreatedAt), WideOnly: true),
            new("ID", u => u.Id.ToString(), WideOnly: true),
        ]);

    private static readonly Column<UserPassword>[] PasswordColumns =
    [
        new("USER", p => p.User.Name),
        new("PASSWORD", p => p.Password ?? "-"),
        new("ROLES", p => Text.Of(p.User.Bindings.Select(Bindings.Format))),
    ];

    private static readonly Noun<RoleDescription, RolePage> RoleNoun = new(
        "role", "roles", p => p.Items, p => p.NextCursor, items => new RolePage(items, null), r => Bindings.Name(r.Name), r => Bindings.Name(r.Name),
        [
            new("NAME", r => Bindings.Name(r.Name)),
            new("MAY", r => Text.Of(r.Actions)),
        ]);

    /// <summary>Adds the nouns.</summary>
    public static void AddTo(Command parent, CommandRunner run)
    {
        parent.Add(new Command("user", "Users: the people who may sign in.")
        {
            run.Command("create", """
                Make a user. The station makes the password and shows it this once.

                Examples:
                  vsan user create kim --role operator
                  vsan user create lee --role operator@project:web --role viewer@pool
                """, CreateAsync, NewName, Roles),
            run.Command("list", "List the users.", ListAsync),
            run.Command("show", "Show one user.", ShowAsync, Name),
            run.Command("set-roles", """
                Give a user these roles and no others.

                Example:
                  vsan user set-roles kim --role storage-admin
                """, SetRolesAsync, Name, Roles),
            run.Command("disable", "Keep a user from signing in, and end the user's sessions.", invocation => ChangeAsync(invocation, new UserChange(Disabled: true)), Name),
            run.Command("enable", "Let a user sign in again.", invocation => ChangeAsync(invocation, new UserChange(Disabled: false)), Name),
            run.Command("reset-password", "Give a user a new password, shown this once, and end the user's sessions.", ResetPasswordAsync, Name),
            run.Command("reset-totp", "Take a lost authenticator from a user.", ResetTotpAsync, Name),
            run.Command("delete", "Remove a user. The audit log keeps the name.", DeleteAsync, Name, Yes),
        });
        parent.Add(new Command("role", "Roles: what users and access tokens may do.") { run.Command("list", "List the roles with their actions.", RolesAsync) });
    }

    private static async Task CreateAsync(Invocation invocation)
    {
        var request = new UserCreate(invocation.Get(NewName), invocation.Get(Roles) ?? []);
        UserPassword created = await invocation.Api.PostAsync<UserCreate, UserPassword>("users", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(PasswordColumns, p => p.Password ?? p.User.Name, created);
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Users, await invocation.Api.ListByNameAsync(Users, invocation.Cancellation).ConfigureAwait(false));

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(Users, await FindAsync(invocation).ConfigureAwait(false));

    private static Task SetRolesAsync(Invocation invocation) => ChangeAsync(invocation, new UserChange(invocation.Get(Roles) ?? []));

    private static async Task ChangeAsync(Invocation invocation, UserChange change)
    {
        User user = await FindAsync(invocation).ConfigureAwait(false);
        invocation.Output.WriteOne(
            Users, await invocation.Api.PatchAsync<UserChange, User>($"users/{user.Id}", change, invocation.Cancellation).ConfigureAwait(false));
    }

    private static async Task ResetPasswordAsync(Invocation invocation)
    {
        User user = await FindAsync(invocation).ConfigureAwait(false);
        UserPassword reset = await invocation.Api.PostAsync<PasswordReset, UserPassword>(
            $"users/{user.Id}:reset-password", new PasswordReset(), TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(PasswordColumns, p => p.Password ?? p.User.Name, reset);
    }

    private static async Task ResetTotpAsync(Invocation invocation)
    {
        User user = await FindAsync(invocation).ConfigureAwait(false);
        await invocation.Api.PostAsync($"users/{user.Id}:reset-totp", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"User {user.Name} signs in without an authenticator.");
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        User user = await FindAsync(invocation).ConfigureAwait(false);
        if (!invocation.Get(Yes)) invocation.Confirm("user", user.Name);
        await invocation.Api.DeleteAsync($"users/{user.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"User {user.Name} is removed.");
    }

    private static async Task RolesAsync(Invocation invocation) =>
        invocation.Output.WriteList(RoleNoun, await invocation.Api.ListAsync(RoleNoun, invocation.Cancellation).ConfigureAwait(false));

    private static Task<User> FindAsync(Invocation invocation) => invocation.FindAsync(Users, invocation.Get(Name));
}
