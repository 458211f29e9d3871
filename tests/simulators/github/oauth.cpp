#include <boost/json/parse.hpp>

#include "tests/simulators/github.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// Takes a form or JSON body.
http::Form fields_of(const http::Request& request) {
  auto type = request.headers.find("Content-Type");
  if (type && type->find("json") != std::string_view::npos) {
    boost::system::error_code error;
    json::value parsed = json::parse(request.body, error);
    http::Form form;
    if (error || !parsed.is_object()) return form;
    for (const auto& [name, value] : parsed.as_object()) {
      if (value.is_string()) form.emplace_back(name, std::string(value.as_string()));
    }
    return form;
  }
  return http::decode_form(request.body).value_or(http::Form{});
}

// Form-encoded unless JSON is asked for; errors too have status 200.
http::Response token_response(const http::Request& request, const http::Form& fields) {
  auto accept = request.headers.find("Accept");
  if (accept && accept->find("json") != std::string_view::npos) {
    json::object body;
    for (const auto& [name, value] : fields) {
      bool seconds = name.ends_with("expires_in");
      if (seconds)
        body[name] = std::stoll(value);
      else
        body[name] = value;
    }
    return json_response(200, body);
  }
  http::Response response;
  response.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  response.body = http::encode_form(fields);
  return response;
}

http::Form error_fields(std::string error, std::string description) {
  return {{"error", std::move(error)},
          {"error_description", std::move(description)},
          {"error_uri", "https://docs.github.com/apps/managing-oauth-apps"}};
}

}  // namespace

void GithubSimulator::answer_oauth(Step& step) {
  if (step.path != "/login/oauth/access_token" || step.request.method != "POST") {
    step.outcome.response = message_response(404, "Not Found");
    return;
  }
  http::Form given = fields_of(step.request);
  auto value = [&](std::string_view name) {
    return std::string(http::form_value(given, name).value_or(""));
  };
  step.asked.owner = "app:" + value("client_id");
  http::Form answer;
  if (value("client_id") != credentials_.client_id ||
      value("client_secret") != credentials_.client_secret) {
    answer = error_fields("incorrect_client_credentials",
                          "The client_id and/or client_secret passed are incorrect.");
  } else if (value("grant_type") == "refresh_token") {
    const GithubToken* made = credentials_.refresh(value("refresh_token"), step.now_s);
    if (made == nullptr) {
      answer =
          error_fields("bad_refresh_token", "The refresh token passed is incorrect or expired.");
    } else {
      answer = {{"access_token", made->text},
                {"expires_in", std::to_string(credentials_.access_lifetime_s)},
                {"refresh_token", made->refresh},
                {"refresh_token_expires_in", std::to_string(credentials_.refresh_lifetime_s)},
                {"scope", ""},
                {"token_type", "bearer"}};
    }
  } else if (const GithubToken* made = credentials_.exchange(value("code"), step.now_s)) {
    answer = {{"access_token", made->text}, {"scope", made->scopes}, {"token_type", "bearer"}};
  } else {
    answer = error_fields("bad_verification_code", "The code passed is incorrect or expired.");
  }
  step.outcome.response = token_response(step.request, answer);
}

}  // namespace tidemark::simulators
