using VSan.Contracts.Api;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.SignIn;

/// <summary>What the sign-in form shows.</summary>
/// <param name="UserName">The name as it was typed; a password is never given back.</param>
/// <param name="Return">Where the person wanted to go.</param>
/// <param name="Problem">Why the last attempt was refused, or null.</param>
public sealed record SignInModel(string UserName, ReturnPath Return, Problem? Problem);
