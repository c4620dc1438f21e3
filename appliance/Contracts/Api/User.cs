namespace VSan.Contracts.Api;

/// <summary>A person who may sign in.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">User name; unique.</param>
/// <param name="Bindings">Roles, each where it holds.</param>
/// <param name="Disabled">True: may not sign in.</param>
/// <param name="SecondFactor">True: a code of an authenticator is asked for at sign-in.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record User(Guid Id, string Name, IReadOnlyList<RoleBinding> Bindings, bool Disabled, bool SecondFactor, DateTimeOffset CreatedAt);

/// <summary>Asks for a user: <c>POST /users</c>.</summary>
/// <param name="Name">User name.</param>
/// <param name="Bindings">Roles; none by default.</param>
/// <param name="Password">12 to 256 characters; the station makes one when it is missing.</param>
public sealed record UserCreate(string Name, IReadOnlyList<RoleBinding>? Bindings = null, string? Password = null)
{
    /// <summary>Names the user only, so that a log line cannot leak the password.</summary>
    public override string ToString() => $"UserCreate {{ Name = {Name} }}";
}

/// <summary>Changes a user: <c>PATCH /users/{id}</c>. What is missing stays as it is.</summary>
/// <param name="Bindings">All roles from now on.</param>
/// <param name="Disabled">True ends the user's sessions too.</param>
public sealed record UserChange(IReadOnlyList<RoleBinding>? Bindings = null, bool? Disabled = null);

/// <summary>A user with a new password.</summary>
/// <param name="User">The user.</param>
/// <param name="Password">The password that the station made, shown this once; null when the request brought one.</param>
public sealed record UserPassword(User User, string? Password)
{
    /// <summary>Names the user only.</summary>
    public override string ToString() => $"UserPassword {{ User = {User.Name} }}";
}

/// <summary>One page of users.</summary>
public sealed record UserPage(IReadOnlyList<User> Items, string? NextCursor);

/// <summary>Asks for a new password of another user: <c>POST /users/{id}:reset-password</c>.</summary>
/// <param name="Password">12 to 256 characters; the station makes one when it is missing.</param>
public sealed record PasswordReset(string? Password = null)
{
    /// <summary>Says nothing.</summary>
    public override string ToString() => nameof(PasswordReset);
}

/// <summary>Changes the caller's own password: <c>POST /account:change-password</c>.</summary>
/// <param name="Password">The present one.</param>
/// <param name="NewPassword">12 to 256 characters.</param>
public sealed record PasswordChange(string Password, string NewPassword)
{
    /// <summary>Says nothing.</summary>
    public override string ToString() => nameof(PasswordChange);
}

/// <summary>What an authenticator is given; it is asked for at sign-in once a code has been confirmed.</summary>
/// <param name="Secret">Base32, shown this once.</param>
/// <param name="Address">The same as an <c>otpauth://</c> address, for a QR code.</param>
public sealed record TotpEnrolment(string Secret, string Address)
{
    /// <summary>Says nothing.</summary>
    public override string ToString() => nameof(TotpEnrolment);
}

/// <summary>Codes for the day on which the authenticator is lost; each opens one sign-in in its place.</summary>
/// <param name="Codes">Shown this once.</param>
public sealed record TotpRecovery(IReadOnlyList<string> Codes)
{
    /// <summary>Says nothing.</summary>
    public override string ToString() => nameof(TotpRecovery);
}

/// <summary>A code of the caller's authenticator.</summary>
/// <param name="Code">Six digits; to remove it, a recovery code as well.</param>
public sealed record TotpCode(string Code);

/// <summary>What a role may do: <c>GET /roles</c>.</summary>
/// <param name="Name">The role.</param>
/// <param name="Actions">Its actions.</param>
public sealed record RoleDescription(Role Name, IReadOnlyList<string> Actions);

/// <summary>All roles.</summary>
public sealed record RolePage(IReadOnlyList<RoleDescription> Items, string? NextCursor);
