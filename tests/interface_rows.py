"""What memchat promises on its command line, row by row, and the tests that hold each row to it.

A row is named as scripts and people write it, or as the page on the interface says it; tests are named
`folder/module::name` below `tests/`, without `test_`. `tests/test_interface_rows.py` holds the table to the tests.
"""

COMMANDS = {
    "memchat": ("e2e/terminal_chat::it_knows_tomorrow_who_you_are",),
    "memchat -m/--model NAME": (
        "e2e/terminal_reply::an_error_does_not_end_the_chat_and_what_is_typed_during_a_reply_waits",
        "cli/chat_commands::both_commands_take_the_promised_flags",
    ),
    "memchat -c/--continue": (
        "interface_commands::continue_goes_on_with_the_newest",
        "e2e/session_memory::it_is_gone_on_with_from_what_was_pending",
        "bootstrap::continue_takes_the_newest_session_that_is_not_open_elsewhere",
    ),
    "memchat --session ID|NAME": (
        "e2e/remembers_across_sessions::a_named_session_goes_on_in_another_process",
        "bootstrap::a_session_is_found_by_id_or_name_in_any_width_and_case",
    ),
    "memchat -s/--system TEXT": (
        "bootstrap::secrets_in_the_system_text_and_the_name_are_masked",
        "interface_commands::system_text_goes_to_the_model",
    ),
    "memchat -f/--file PATH": (
        "e2e/terminal_chat::a_file_goes_with_the_first_message",
        "cli/chat_commands::a_chat_takes_a_file_with_the_first_message",
    ),
    "memchat --incognito": ("e2e/incognito_terminal::ten_turns_leave_every_file_as_it_was",),
    "memchat --no-learn": (
        "cli/chat_commands::no_learn_keeps_words_only",
        "e2e/modes_hold_later::what_was_said_under_no_learn_is_never_learned_from",
    ),
    "memchat --local": ("e2e/ask_is_scriptable::local_refuses_what_would_leave_the_computer",),
    "memchat -o KEY=VALUE": (
        "cli/ask_input::option_values_are_json_where_they_can_be",
        "e2e/ask_is_scriptable::the_last_code_block_alone_can_be_had",
    ),
    "memchat --plain": ("e2e/terminal_reply::plain_shows_the_same_text_and_steers_nothing",),
    "memchat --vi": ("e2e/terminal_chat::vi_keys_where_they_are_wanted",),
    "memchat ask [PROMPT]": (
        "cli/one_shot::the_answer_alone_is_on_stdout",
        "e2e/ask_is_scriptable::piped_text_goes_before_the_prompt",
    ),
    "memchat ask -": ("cli/ask_input::a_dash_means_stdin_alone",),
    "memchat ask --stateless": ("e2e/modes_leave_no_trace::stateless_sends_the_same_bytes_for_the_same_words",),
    "memchat ask --json": ("e2e/ask_is_scriptable::json_is_one_document_and_nothing_else",),
    "memchat ask --no-stream": ("interface_commands::no_stream_prints_the_answer_in_one_piece",),
    "memchat ask -x/--extract": (
        "e2e/ask_is_scriptable::the_last_code_block_alone_can_be_had",
        "interface_commands::extract_and_usage_have_long_names",
    ),
    "memchat ask -u/--usage": (
        "cli/one_shot::usage_is_told_on_stderr",
        "interface_commands::extract_and_usage_have_long_names",
    ),
    "memchat ask --no-wait": ("cli/one_shot::nothing_is_done_for_whoever_will_not_wait_or_learn",),
    "memchat ask --reasoning": ("cli/one_shot::reasoning_is_shown_only_when_asked_for",),
    "memchat context [PROMPT]": (
        "cli/context_command::what_would_be_sent_is_shown",
        "cli/context_command::nothing_is_saved_and_nobody_is_asked",
    ),
    "memchat context --last": ("cli/context_command::what_was_really_shown_is_told",),
    "memchat context --turn s17.4": ("cli/context_command::what_was_really_shown_is_told",),
    "memchat context --raw": ("cli/context_command::the_request_itself_can_be_seen",),
    "memchat profile show": ("cli/profile_commands::what_is_set_is_shown",),
    "memchat profile show --as-of DATE": ("cli/profile_commands::an_earlier_day_is_shown_as_it_was",),
    "memchat profile get FIELD": ("cli/profile_commands::get_prints_the_bare_value",),
    "memchat profile set FIELD VALUE...": ("cli/profile_commands::changes_are_told_and_scripted",),
    "memchat profile add FIELD VALUE": ("cli/profile_commands::add_and_unset",),
    "memchat profile unset FIELD": ("cli/profile_commands::add_and_unset",),
    "memchat profile edit": (
        "cli/profile_commands::what_the_editor_changed_is_saved",
        "cli/profile_commands::a_wrong_draft_is_kept",
    ),
    "memchat profile history [FIELD]": (
        "cli/profile_commands::an_empty_history_says_so",
        "cli/profile_commands::a_move_is_told_with_its_days_and_both_quotes",
    ),
    "memchat memory list": (
        "cli/memory_commands::a_note_is_added_listed_and_shown",
        "cli/memory_commands::lists_are_filtered",
    ),
    "memchat memory list --kind --status --since --sort": ("cli/memory_commands::lists_are_filtered",),
    "memchat memory show ID": ("cli/memory_commands::a_note_is_added_listed_and_shown",),
    "memchat memory add TEXT": ("cli/memory_commands::a_note_is_added_listed_and_shown",),
    "memchat memory edit ID [TEXT]": (
        "cli/memory_commands::an_edit_replaces_and_keeps_the_old",
        "cli/memory_commands::an_edit_without_text_opens_the_editor",
    ),
    "memchat memory pin ID": ("cli/review::pins_are_told_and_listed",),
    "memchat memory unpin ID": ("cli/review::pins_are_told_and_listed",),
    "memchat memory why ID": ("cli/review::why_as_json_tells_the_story", "cli/why_view::the_screen_is_as_it_was_drawn"),
    "memchat memory review": ("e2e/review_terminal::memory_review_accepts_edits_and_rejects",),
    "memchat memory review ID... --accept --reject --never": ("cli/review::flags_decide_without_asking",),
    "memchat memory learn": ("cli/memory_commands::learning_sums_up_and_tells_what_was_learned",),
    "memchat memory learn --session ID": ("cli/memory_commands::learning_from_one_conversation_leaves_the_others",),
    "memchat memory learn --dry-run": ("cli/memory_commands::learning_says_what_it_costs_and_a_dry_run_stops_there",),
    "memchat forget ID...": ("cli/memory_commands::forgetting_erases_the_memory_and_its_words",),
    "memchat forget --match TEXT": ("cli/forget_command::a_word_is_found_wherever_it_stands",),
    "memchat forget --match -": (
        "cli/forget_command::a_text_that_no_shell_keeps",
        "e2e/forgets_for_good::a_text_typed_unseen_is_on_no_screen_but_in_the_plan",
    ),
    "memchat forget --turns": ("cli/forget_command::exchanges_go_whole_where_that_is_asked_for",),
    "memchat forget --session ID": ("cli/forget_command::a_conversation_goes_whole",),
    "memchat forget --before DATE": ("cli/forget_command::what_was_said_before_a_day_goes",),
    "memchat forget --all": ("e2e/forget_all::nothing_of_it_can_be_read_in_the_folder",),
    "memchat forget --keep-transcript": ("cli/forget_command::words_are_kept_for_the_person_alone",),
    "memchat forget --no-tombstone": ("cli/forget_command::without_a_tombstone_it_can_be_learned_again",),
    "memchat forget --dry-run": ("cli/memory_commands::a_dry_run_shows_and_keeps",),
    "memchat forget --yes": ("cli/memory_commands::without_yes_nothing_is_erased",),
    "memchat forget --match --yes --expect N": ("cli/forget_command::a_script_says_how_many_it_expects",),
    "memchat forget --json": (
        "cli/forget_command::the_plan_is_a_document",
        "cli/memory_commands::the_receipt_is_a_document_too",
    ),
    "memchat forget --match --without ID": ("cli/forget_command::what_is_left_out_stays",),
    "forget John, no id": ("cli/forget_command::a_word_where_an_id_was_meant_is_looked_for",),
    "memchat sessions list": ("cli/data_commands::conversations_are_listed_and_one_shots_folded",),
    "memchat sessions list --all": ("cli/data_commands::conversations_are_listed_and_one_shots_folded",),
    "memchat sessions show ID": ("cli/data_commands::every_word_is_shown",),
    "memchat sessions rename ID TITLE": ("cli/data_commands::a_conversation_is_renamed",),
    "memchat sessions export ID --format md|json": ("cli/data_commands::a_conversation_is_exported",),
    "memchat search QUERY": ("cli/search_commands::memories_and_conversations_are_one_list",),
    "memchat search --in --since --until": ("cli/search_commands::one_kind_and_some_days_may_be_named",),
    "memchat export [FILE]": (
        "cli/carrying_commands::everything_goes_to_standard_output",
        "cli/carrying_commands::a_file_is_private_whatever_the_umask",
    ),
    "memchat export FILE --force": ("cli/carrying_commands::what_is_there_is_not_replaced_unasked",),
    "memchat export --format md": ("cli/carrying_commands::a_copy_to_read_holds_everything_and_steers_nothing",),
    "memchat import FILE": ("cli/carrying_commands::an_export_comes_back_exactly",),
    "memchat import --review": ("cli/carrying_commands::a_review_says_what_waits",),
    "memchat backup FILE": ("cli/carrying_commands::a_backup_and_back",),
    "memchat restore FILE": ("cli/carrying_commands::a_backup_and_back",),
    "memchat encrypt": (
        "cli/encrypt_commands::one_line_encrypts_and_the_environment_opens",
        "cli/encrypt_commands::two_lines_change_it_and_one_decrypts",
    ),
    "memchat encrypt --keyring": ("cli/encrypt_commands::the_keyring_keeps_the_key_when_it_is_asked_to",),
    "memchat decrypt": ("cli/encrypt_commands::two_lines_change_it_and_one_decrypts",),
    "memchat tombstones list": ("cli/tombstone_commands::the_list_tells_what_a_hash_allows",),
    "memchat tombstones clear": ("cli/tombstone_commands::clear_takes_every_trace_and_every_key",),
    "memchat browse": ("e2e/browse_terminal::the_memory_is_looked_through_searched_and_mended_by_keys",),
    "memchat usage": (
        "cli/usage_command::json_has_every_key_and_unknown_prices_are_null",
        "cli/usage_command::the_screen_tells_the_same",
    ),
    "memchat doctor": (
        "cli/doctor_standing::settings_tell_their_file_and_what_overrides_it",
        "cli/doctor_standing::looking_changes_nothing",
    ),
    "memchat doctor --retry": ("cli/doctor_commands::what_failed_is_shown_and_done_again",),
    "memchat doctor --reindex": ("cli/doctor_commands::the_index_is_built_anew",),
    "memchat setup": ("cli/setup_commands::setup_offers_what_is_in_force_and_enter_changes_nothing",),
    "memchat models [QUERY]": ("cli/models_command::models_are_listed",),
    "memchat keys set PROVIDER": (
        "cli/setup_commands::a_key_comes_from_standard_input_and_is_listed_without_itself",
        "cli/setup_commands::a_key_is_asked_for_without_showing_it",
    ),
    "memchat keys list": ("cli/setup_commands::a_key_comes_from_standard_input_and_is_listed_without_itself",),
    "memchat keys remove PROVIDER": ("cli/setup_commands::keys_answer_in_json",),
    "memchat config path": (
        "interface_commands::config_path_is_one_line",
        "e2e/start_up::the_version_help_and_the_configuration_make_no_file",
    ),
    "memchat config show": ("cli/setup_commands::config_show_says_where_each_value_comes_from",),
    "memchat --install-completion": ("cli/completing::it_is_installed_where_the_shell_looks",),
}

RULES = {
    "everything that shows something takes --json": (
        "interface_commands::everything_that_shows_something_is_one_document",
    ),
    "global flags work before and after the command": ("cli/app::global_flags_work_before_and_after_the_command",),
    "a noun alone lists or shows": ("cli/app::a_noun_alone_lists",),
    "memories and session are accepted": ("cli/app::words_become_a_command_with_the_command_first",),
    "memory rm|delete|forget are forget": ("cli/memory_commands::other_words_for_forget_do_the_same",),
    "memchat TEXT is ask": ("e2e/ask_is_scriptable::text_that_is_no_command_is_asked",),
    "a single ASCII word that is no command is exit 2": (
        "cli/app::one_ascii_word_that_is_no_command_is_refused_with_the_nearest",
    ),
    "... | memchat is ask -": ("cli/app::with_piped_input_words_are_a_prompt",),
    "no prompt and no terminal is exit 2": ("cli/app::neither_prompt_nor_terminal_is_exit_2",),
    "ids": (
        "actions/references::a_bare_number_is_an_id_only_where_one_kind_is_possible",
        "cli/memory_commands::wrong_input_is_two_lines_and_an_exit_code",
    ),
    "slash commands mirror the nouns": (
        "cli/slash::every_command_of_the_issue_is_there",
        "cli/repl::the_chat_and_the_shell_tell_the_same_of_memory",
    ),
    "a unique prefix is enough": ("cli/slash::a_unique_beginning_is_enough",),
    "a line with a second / or a space first is a message": (
        "e2e/terminal_chat::a_new_line_does_not_send_and_what_only_looks_like_a_command_is_sent",
    ),
    "an unknown command stays in the input line": (
        "e2e/terminal_chat::an_unknown_command_stays_in_the_line_and_a_known_one_is_completed",
    ),
    "answers are read after NFKC": ("cli/terminal::yes_and_no_are_read_in_any_width_and_case",),
}

SLASH = {
    "/help": ("interface_commands::help_and_quit_in_the_chat",),
    "/model": ("e2e/hosts_are_asked_about_once::another_model_in_the_middle_of_a_chat_is_asked_about",),
    "/profile": ("e2e/terminal_chat::commands_show_and_change_memory",),
    "/memory": ("e2e/terminal_chat::commands_show_and_change_memory",),
    "/memory new": ("cli/welcome::what_was_counted_is_listed_in_that_chat",),
    "/remember TEXT": ("e2e/terminal_chat::commands_show_and_change_memory",),
    "/forget ID|TEXT": ("e2e/forgets_for_good::a_chat_goes_on_without_what_was_forgotten",),
    "/why": ("cli/shown_view::why_in_the_chat_tells_of_the_last_reply_and_of_others",),
    "/without ID": ("cli/without_slash::both_replies_stand_on_a_real_terminal",),
    "/review": ("e2e/review_terminal::review_in_the_chat_decides_too",),
    "/context": ("cli/context_slash::what_would_be_sent_is_told_and_nothing_is_saved",),
    "/usage": ("cli/usage_command::in_the_chat_this_conversation_comes_first",),
    "/sessions": ("e2e/terminal_chat::conversations_are_listed_named_and_gone_on_with",),
    "/resume ID": ("e2e/terminal_chat::conversations_are_listed_named_and_gone_on_with",),
    "/new": ("e2e/terminal_chat::conversations_are_listed_named_and_gone_on_with",),
    "/rename": ("e2e/terminal_chat::conversations_are_listed_named_and_gone_on_with",),
    "/search": ("cli/search_commands::the_chat_searches_the_same",),
    "/undo [N|ID]": (
        "e2e/undo_terminal::turns_are_taken_back_and_brought_back",
        "e2e/undo_terminal::the_undo_beside_a_line_takes_back_that_memory_alone",
    ),
    "/redo": ("e2e/undo_terminal::turns_are_taken_back_and_brought_back",),
    "/retry [MODEL]": ("e2e/terminal_reply::ctrl_c_stops_a_reply_or_the_waiting_for_it_and_twice_leaves",),
    "/copy [code]": ("e2e/choosing_terminal::a_reply_is_copied_over_ssh_and_conversations_and_models_are_offered",),
    "/edit": ("e2e/terminal_chat::the_editor_writes_into_the_line",),
    "/file PATH": ("cli/files_chat::a_file_goes_with_the_next_message_only",),
    "/btw TEXT": ("cli/btw_slash::it_reads_memory_and_keeps_nothing",),
    "/incognito": ("e2e/terminal_chat::a_chat_goes_incognito",),
    "/compact": ("cli/compact::compact_folds_and_expand_prints",),
    "/expand": ("cli/compact::compact_folds_and_expand_prints",),
    "/export": ("cli/export_slash::everything_goes_into_a_new_file",),
    "/keys": ("cli/copy_and_keys::keys_are_listed_and_removed_never_shown",),
    "/quit": ("interface_commands::help_and_quit_in_the_chat",),
    "/pin ID": ("interface_commands::pin_and_unpin_in_the_chat",),
    "/unpin ID": ("interface_commands::pin_and_unpin_in_the_chat",),
}

OUTPUT = {
    "results on stdout, all else on stderr": ("cli/turn_view::a_pipe_gets_the_words_on_stdout_and_the_rest_on_stderr",),
    "--json prints one document, errors are an object on stderr": (
        "e2e/ask_is_scriptable::an_error_under_json_is_an_object_on_stderr",
        "cli/app::an_error_in_json_is_one_document_on_standard_error",
    ),
    "lists are arrays, none is []": ("interface_commands::an_empty_list_is_an_empty_array",),
    "no terminal: no colour, no spinner, no wrapping": ("interface_commands::what_is_no_terminal_gets_plain_lines",),
    "UTF-8 whatever the code page": (
        "systems::pipes_are_utf8_whatever_the_code_page",
        "cli/terminal::output_that_is_no_terminal_is_utf8_whatever_the_locale",
    ),
    "NO_COLOR, FORCE_COLOR, TERM=dumb": (
        "cli/terminal::colour_follows_the_terminal_and_the_environment",
        "interface_commands::colour_is_what_the_environment_says",
    ),
    "plain input where the terminal cannot be steered": (
        "e2e/terminal_chat::a_terminal_that_is_too_plain_gets_plain_input",
    ),
    "widths in cells": (
        "cli/terminal::width_counts_cells",
        "cli/terminal::cutting_never_splits_a_grapheme_and_closes_paint",
    ),
    "ask --json document": ("cli/ask_view::the_document_holds_what_is_promised",),
    "reasoning is one dim line": (
        "e2e/terminal_reply::what_was_looked_up_or_learned_is_told_and_reasoning_is_one_dim_line_that_goes",
    ),
    "profile show --json document": (
        "cli/profile_commands::changes_are_told_and_scripted",
        "interface_commands::the_profile_and_a_memory_have_their_promised_keys",
    ),
    "a memory's document": ("interface_commands::the_profile_and_a_memory_have_their_promised_keys",),
    "context --json document": ("cli/context_command::json_has_every_promised_key",),
    "from memory: s17.4, m8   /why": ("cli/turn_view::memory_that_was_used_is_named",),
    "a broken pipe ends it quietly": (
        "e2e/ask_is_scriptable::a_reader_that_leaves_ends_it_quietly",
        "cli/app::a_reader_that_leaves_early_is_no_error",
    ),
    "SIGTERM and SIGHUP lose nothing": (
        "e2e/being_told_to_go::the_part_that_came_is_kept",
        "e2e/being_told_to_go::a_window_that_closes_keeps_the_reply",
    ),
    "closed streams are no failure": ("e2e/being_told_to_go::streams_that_were_never_there_are_no_reason_to_fail",),
}

EXIT_CODES = {
    "0 done": ("cli/one_shot::a_reply_cut_at_its_length_limit_is_done_with_a_notice",),
    "1 failed": (
        "cli/doctor_commands::what_still_cannot_be_done_is_exit_1_with_its_remedy",
        "cli/forget_command::a_trace_that_is_left_is_said",
    ),
    "2 wrong usage": ("e2e/ask_is_scriptable::wrong_usage_is_exit_2",),
    "3 configuration, key, unknown model": (
        "e2e/bad_input::no_key",
        "e2e/bad_input::unknown_model",
        "e2e/bad_input::a_configuration_with_a_mistake",
    ),
    "4 provider or network": (
        "e2e/ask_is_scriptable::what_the_provider_refuses_has_its_exit_code",
        "e2e/ask_is_scriptable::of_a_reply_that_breaks_off_what_came_is_kept",
    ),
    "5 database, or session busy": ("e2e/bad_input::a_corrupt_database", "e2e/bad_input::a_read_only_folder"),
    "6 not found": ("e2e/ask_is_scriptable::what_is_not_there_is_exit_6",),
    "7 refused": ("cli/memory_commands::without_yes_nothing_is_erased", "cli/tombstone_commands::clear_wants_a_yes"),
    "8 locked": (
        "cli/encrypt_commands::without_the_passphrase_the_code_is_8_and_no_byte_changes",
        "e2e/encryption_terminal::three_tries_then_exit_8",
    ),
    "130 interrupted": ("e2e/ask_is_scriptable::ctrl_c_keeps_the_part_that_came",),
    "an error is two lines": ("cli/app::an_error_is_two_lines_and_its_exit_code",),
    "a traceback only with --debug": ("cli/app::a_bug_is_told_without_its_words_and_with_a_traceback_on_demand",),
    "in the chat an error never ends the session": (
        "e2e/terminal_reply::an_error_does_not_end_the_chat_and_what_is_typed_during_a_reply_waits",
    ),
}

PLACES = {
    "MEMCHAT_HOME, MEMCHAT_CONFIG, MEMCHAT_DB": (
        "config::one_folder_holds_everything_when_home_is_named",
        "config::configuration_and_database_can_be_placed_one_by_one",
    ),
    "MEMCHAT_SECTION__KEY and MEMCHAT_MODEL": ("config::the_environment_is_text_read_as_the_settings_type",),
    "flag > environment > file > default": ("config::flag_comes_before_environment_before_file_before_default",),
    "an unknown key names the nearest": (
        "config::what_is_wrong_is_refused_with_key_value_and_place",
        "e2e/bad_input::an_unknown_key_in_the_environment",
    ),
    "the provider's own variables first": ("llm/windows::the_providers_own_variables_come_first",),
    "an address from the environment is shown": (
        "cli/doctor_standing::an_address_of_the_environment_is_shown",
        "cli/start_notes::an_address_of_the_environment_is_told",
    ),
    "a network or synced folder is told": (
        "cli/doctor_standing::a_network_or_synced_folder_is_told",
        "cli/start_notes::a_chat_in_a_synced_folder_says_so_above_its_first_prompt",
    ),
    "every setting in config.example.toml": (
        "config_example::the_example_names_every_setting_with_its_default",
        "config_example::every_setting_of_the_example_has_a_comment_above_it",
    ),
}

WITHOUT_A_MODEL = {
    "the notebook needs no key and says so": (
        "cli/setup_commands::without_key_and_server_one_paragraph_stands_for_the_question",
    ),
    "the notebook learns in English and Chinese": (
        "e2e/terminal_chat::it_knows_tomorrow_who_you_are",
        "e2e/terminal_chat::it_knows_tomorrow_who_you_are_in_chinese",
    ),
    "before setup the first with a key": ("bootstrap::before_setup_the_first_provider_with_a_key_answers",),
    "a named model without its key is no fallback": (
        "bootstrap::a_named_model_without_its_key_is_an_error_never_a_fallback",
    ),
    "a bare name matches a local server": ("llm/windows::a_bare_name_is_looked_for_on_this_computer",),
}

KEYS = {
    "Enter sends": ("e2e/terminal_chat::a_new_line_does_not_send_and_what_only_looks_like_a_command_is_sent",),
    "Enter that ends an IME composition does not send": (
        "e2e/choosing_terminal::chinese_comes_composed_at_one_stroke",
    ),
    "Ctrl+J, Alt+Enter, Esc Enter": (
        "e2e/terminal_chat::a_new_line_does_not_send_and_what_only_looks_like_a_command_is_sent",
    ),
    '""" fences': ("e2e/terminal_chat::triple_quotes_hold_lines_together",),
    "a multi-line paste is one message": (
        "e2e/terminal_chat::a_paste_of_many_lines_is_one_message_and_known_as_a_paste",
    ),
    "Ctrl-X Ctrl-E": ("e2e/terminal_chat::the_editor_writes_into_the_line",),
    "$VISUAL, $EDITOR, nano, the system's, never vi unasked": (
        "cli/editor::nano_goes_before_the_systems_editor",
        "cli/editor::the_systems_editor_is_used_unless_it_is_vi",
    ),
    "Up, Down and Ctrl-R, shared": (
        "e2e/terminal_chat::up_brings_back_what_was_typed_in_another_run_and_another_terminal",
    ),
    "Tab and a menu with descriptions": (
        "e2e/terminal_chat::an_unknown_command_stays_in_the_line_and_a_known_one_is_completed",
    ),
    "Ctrl-C stops a reply": ("e2e/terminal_reply::ctrl_c_stops_a_reply_or_the_waiting_for_it_and_twice_leaves",),
    "Ctrl-C twice leaves": (
        "e2e/terminal_chat::ctrl_c_twice_leaves",
        "e2e/terminal_reply::ctrl_c_stops_a_reply_or_the_waiting_for_it_and_twice_leaves",
    ),
    "Ctrl-C on a half-typed line": ("e2e/terminal_chat::ctrl_c_clears_the_line_and_keeps_it_in_history",),
    "Ctrl-D on an empty line leaves": ("interface_commands::ctrl_d_on_an_empty_line_leaves",),
    "Ctrl-L, Ctrl-Z": ("e2e/choosing_terminal::ctrl_l_clears_and_ctrl_z_goes_to_the_shell_and_back",),
    "the bottom line": (
        "cli/repl::the_bottom_line_keeps_what_matters_most",
        "e2e/terminal_reply::where_the_words_go_is_always_seen",
    ),
}

MODES = {
    "normal": ("e2e/remembers_across_sessions::the_notebook_knows_tomorrow_what_it_was_told_today",),
    "mode --no-learn": ("e2e/modes_leave_no_trace::no_learn_keeps_the_words_and_learns_nothing",),
    "mode /btw": ("cli/btw_slash::it_reads_memory_and_keeps_nothing", "cli/btw_slash::nothing_is_learned_from_it"),
    "mode --incognito": ("e2e/incognito_terminal::ten_turns_leave_every_file_as_it_was",),
    "mode ask --stateless": ("e2e/modes_leave_no_trace::ten_asks_change_no_file",),
    "incognito with -c or --session is exit 2": ("e2e/modes_leave_no_trace::what_keeps_nothing_cannot_go_on",),
}

ROWS = COMMANDS | RULES | SLASH | OUTPUT | EXIT_CODES | PLACES | WITHOUT_A_MODEL | KEYS | MODES
